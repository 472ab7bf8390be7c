import { expect, test } from 'vitest'

import { roles } from '#modules/users/schemas.ts'
import { type OpenapiDocument, readOperations, type Schema } from '../fuzz/document.ts'
import { createRandom } from '../fuzz/random.ts'
import { createRequests } from '../fuzz/requests.ts'
import { openWorld } from '../fuzz/world.ts'

const random = createRandom(21)
const world = await openWorld(random)
const { app } = world
const { body: document } = (await app.anonymous.get('/openapi.json')) as { body: OpenapiDocument }
const { fitting, ask } = createRequests(world, document, random)

/** What only the house itself writes. */
const FOREIGN = [
  'id user_id owner_id guest_id role group is_admin is_active is_verified activated_at permissions hashed_password',
  'loyalty_points total_spent failed_login_count locked_until created_at updated_at version price final_price price_minor',
  'discount discount_applied total status is_paid qr_code booking_reference helpful_count is_approved is_verified_purchase',
  'requested_by actor __proto__x constructor_',
].flatMap((names) => names.split(' '))
const SECRET = /(password|secret|hash|private|failed_login|locked_until|token_hash|totp|mac)/

const resolve = (schema: Schema | undefined): Schema => {
  const name = schema?.$ref?.split('/').at(-1)
  return name ? resolve(document.components.schemas[name]) : (schema ?? {})
}

/** Every field an answer may have, however deep. */
const fieldsOf = (schema: Schema | undefined, seen = new Set<Schema>()): string[] => {
  const plain = resolve(schema)
  if (seen.has(plain)) return []
  seen.add(plain)
  const inner = [
    ...Object.values(plain.properties ?? {}),
    plain['items'] as Schema | undefined,
    ...((plain['anyOf'] as Schema[]) ?? []),
  ]
  return [
    ...Object.keys(plain.properties ?? {}),
    ...inner.filter((one) => one !== undefined).flatMap((one) => fieldsOf(one, seen)),
  ]
}

test('Q-21: no body takes a field that is not the sender’s to write', async () => {
  const faults: string[] = []
  let tried = 0
  for (const operation of readOperations(document)) {
    if (!operation.body || operation.access === 'provider') continue
    const known = new Set([...Object.keys(resolve(operation.body).properties ?? {}), ...fieldsOf(operation.body)])
    const wire = await fitting(operation)
    const own = typeof wire.body === 'object' && wire.body !== null ? wire.body : {}
    const foreign = FOREIGN.filter((name) => !known.has(name))
    const payload = JSON.stringify({ ...own, ...Object.fromEntries(foreign.map((name) => [name, 1])) })
    const { status, body } = await ask(operation, { ...wire, payload })
    const refused = new Set(
      ((body as { errors?: { pointer: string; code: string }[] }).errors ?? [])
        .filter(({ code }) => code === 'request.unknown_field')
        .map(({ pointer }) => pointer.slice(1)),
    )
    tried += foreign.length
    if (status !== 422) faults.push(`${operation.key} answered ${status}`)
    else if (refused.size === 0) faults.push(`${operation.key} named no field: ${JSON.stringify(body).slice(0, 200)}`)
  }
  console.log(`Q-21: ${tried} foreign fields were refused`)
  expect(faults).toEqual([])
  expect(tried).toBeGreaterThan(1000)
})

test('Q-21: no answer has a field that could be a secret, but for the tokens of whoever signs in', () => {
  const found = readOperations(document).flatMap(({ key, path, method }) => {
    const responses = document.paths[path]?.[method.toLowerCase()]?.responses ?? {}
    const schemas = Object.entries(responses).flatMap(([, { content = {} }]) =>
      Object.values(content).map(({ schema }) => schema),
    )
    return [...new Set(schemas.flatMap((schema) => fieldsOf(schema)))]
      .filter((name) => SECRET.test(name))
      .map((name) => `${key} ${name}`)
  })
  // The payment page of the provider needs the one, and it opens this payment alone; the phone is told the other, once.
  const meant = (one: string) => one.endsWith(' client_secret') || one === 'POST /api/v1/users/me/totp secret'
  expect(found.filter((one) => !meant(one))).toEqual([])
})

const fields = (shape: string) => Object.keys(document.components.schemas[shape]?.properties ?? {}).toSorted()
const keysOf = (body: object) => Object.keys(body).toSorted()

test('Q-21: each role reads exactly the fields of its own account, of a ticket and of an order, and no others', async () => {
  const { ticket_id, order_id } = await world.paid('customer')
  const [ticketFields, orderFields] = [fields('Ticket'), fields('Order')]
  for (const role of roles) {
    const person = world.person(role)
    expect(keysOf((await person.get('/api/v1/users/me')).body)).toEqual(fields('UserResponse'))
    expect(keysOf((await person.get('/api/v1/users/me/access')).body)).toEqual([
      'cinema_ids',
      'impersonated_by',
      'permissions',
      'role',
    ])
    const ticket = await person.get(`/api/v1/tickets/${ticket_id}`)
    const order = await person.get(`/api/v1/orders/${order_id}`)
    const seen = [ticket, order].map(({ status, body }) => (status === 200 ? keysOf(body) : status))
    expect(seen).toEqual(role === 'moderator' ? [404, 404] : [ticketFields, orderFields])
  }
  expect(keysOf((await world.person('admin').get('/api/v1/admin/users?size=1')).body.items[0])).toEqual(fields('AdminUser'))
})
