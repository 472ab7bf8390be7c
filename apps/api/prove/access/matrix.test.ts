import { expect, test } from 'vitest'

import { type Asker, askers, type Cell, cellOf, cellText } from '#platform/http/access-matrix.ts'
import { type Access, permissions, type Reach } from '#platform/http/access.ts'
import type { Client, Reply } from '#testing/app.ts'
import { type OpenapiDocument, readOperations } from '../fuzz/document.ts'
import { createRandom } from '../fuzz/random.ts'
import { createRequests } from '../fuzz/requests.ts'
import { openWorld } from '../fuzz/world.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import type { Recipe, Request } from './recipe.ts'
import { createThings } from './things.ts'

type Person = Client & { id: number }
type Operation = ReturnType<typeof readOperations>[number] & { access: Access; reach: Reach }
type Relation = keyof Cell

const random = createRandom(20)
const world = await openWorld(random)
const { app } = world
const { body: document } = (await app.anonymous.get('/openapi.json')) as { body: OpenapiDocument }
const operations = readOperations(document).map((operation) => {
  const raw = document.paths[operation.path]?.[operation.method.toLowerCase()] as unknown as { 'x-reach': Reach }
  return { ...operation, reach: raw['x-reach'] } as Operation
})
const { fitting } = createRequests(world, document, random)
const recipes: Record<string, Recipe> = await createThings(app)

const [here, there] = [await app.given.cinema(), await app.given.cinema()]
const nobody: Person = { ...app.anonymous, id: 0 }
const people = new Map<Asker, Person>([['anonymous', nobody]])
for (const role of askers.slice(1) as Exclude<Asker, 'anonymous'>[]) people.set(role, await app.someone(role, [here.id]))
const person = (asker: Asker) => people.get(asker) as Person
const stranger = await app.someone()

const counters = createCounters()
const accepted = new Set<string>()
const written = new Set<string>()
let serial = 0

/** remembers whether a change that a permission allowed has left an entry of who made it. */
const noteEntry = async ({ key, access, method }: Operation, status: number, request_id: string, by: Person) => {
  // A preview has a body and changes nothing.
  const isReading = method === 'GET' || key.endsWith('-preview')
  if (status >= 300 || isReading || !(access in permissions)) return
  accepted.add(key)
  const entry = await app.db
    .selectFrom('audit_log')
    .select('actor')
    .where('request_id', '=', request_id)
    .limit(1)
    .executeTakeFirst()
  if (entry?.actor === `u:${by.id}`) written.add(key)
}
const REFUSALS = /^(auth\.required|auth\.forbidden|auth\.other_cinema|reviews\.not_yours|\w+\.not_found)$/

const send = async (by: Person, operation: Operation, { params = {}, query = '', body }: Request): Promise<Reply> => {
  const { method, path } = operation
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name])) + query
  const request_id = `matrix-${(serial += 1)}-of-q-20`
  const reply = await by[method.toLowerCase() as 'post'](url, body, { 'x-request-id': request_id })
  await noteEntry(operation, reply.status, request_id, by)
  return reply
}

/** Why this answer to somebody who should be refused tells too much, or lets them in. */
const faultOf = (reply: Reply, asker: Asker, { secrets = [] }: Request): string | undefined => {
  const expected = asker === 'anonymous' ? [401] : [403, 404]
  if (!expected.includes(reply.status)) return `answered ${reply.status}`
  if (!REFUSALS.test(reply.body.code)) return `said ${reply.body.code}`
  return secrets.some((secret) => JSON.stringify(reply.body).includes(String(secret))) ? 'told a secret' : undefined
}

/** Whose thing at which cinema stands for a relation to this person. */
const placeOf = (asker: Asker, relation: Relation) => ({
  owner: relation === 'own' ? person(asker) : stranger,
  cinemaId: relation === 'cinema' ? here.id : there.id,
})

const tryCell = async (operation: Operation, asker: Asker, relation: Relation, mayReach: boolean, request: Request) => {
  const reply = await send(person(asker), operation, request)
  const { isReached } = recipes[operation.key] as Recipe
  counters.add(`${mayReach ? 'let' : 'kept from'} ${relation}`)
  if (isReached && reply.status < 300) {
    if (isReached(reply, request) !== mayReach) return `showed ${mayReach ? 'nothing of theirs' : 'what is not theirs'}`
    return undefined
  }
  if (!mayReach) return faultOf(reply, asker, request)
  return reply.status < 300 ? undefined : `answered ${reply.status} ${reply.body.code}`
}

const tryThings = async (operation: Operation): Promise<string[]> => {
  const { key, access, reach } = operation
  const faults: string[] = []
  const { make } = recipes[key] as Recipe
  const relations: Relation[] = reach === 'cinema' ? ['cinema', 'all'] : ['own', 'cinema', 'all']
  for (const relation of relations) {
    const cells = askers
      .filter((asker) => relation !== 'own' || asker !== 'anonymous')
      .map((asker) => {
        const cell = cellOf(asker, access, reach)
        return { asker, mayReach: cell.all || cell[relation] }
      })
    // Whoever is refused leaves the thing as it was, for the first who is let in.
    let untouched: Request | undefined
    for (const { asker, mayReach } of cells.toSorted((a, b) => Number(a.mayReach) - Number(b.mayReach))) {
      const { owner, cinemaId } = placeOf(asker, relation)
      const request: Request = relation === 'own' ? await make(owner, cinemaId) : (untouched ?? (await make(owner, cinemaId)))
      untouched = mayReach ? undefined : request
      const fault = await tryCell(operation, asker, relation, mayReach, request)
      if (fault) faults.push(`${key}: ${asker} × ${relation} ${fault}`)
    }
  }
  return faults
}

/** Whoever is let in is not told that they are not; what comes of the request is the business of other proofs. */
const tryAnything = async (operation: Operation): Promise<string[]> => {
  const faults: string[] = []
  for (const asker of askers) {
    const { own } = cellOf(asker, operation.access, operation.reach)
    const wire = await fitting(operation)
    const identity = /guest|order/.test(Object.keys(wire.headers).join()) ? {} : wire.headers
    const { method } = operation
    const headers = {
      ...(wire.payload !== undefined && { 'content-type': 'application/json' }),
      ...(asker === 'anonymous' ? {} : identity),
    }
    const signed = operation.access === 'provider' ? wire.headers : headers
    const request_id = `matrix-${(serial += 1)}-of-q-20`
    const reply = await app.server.inject({
      method: method as 'GET',
      url: wire.path + wire.query,
      headers: { ...person(asker).headers, ...signed, 'x-request-id': request_id },
      ...(wire.payload !== undefined && { payload: wire.payload }),
    })
    await noteEntry(operation, reply.statusCode, request_id, person(asker))
    // A wrong password, an address that is not proved, a sign-in that is too old: whoever hears of these is in.
    const isLetIn = ![401, 403].includes(reply.statusCode) || !REFUSALS.test(reply.json().code)
    counters.add(own ? 'let in' : 'kept out')
    if (operation.access !== 'provider' && isLetIn !== own && !operation.path.endsWith('/logout'))
      faults.push(
        `${operation.key}: ${asker} × anything answered ${reply.statusCode}, the matrix says ${cellText(cellOf(asker, operation.access, operation.reach))}`,
      )
  }
  return faults
}

test('Q-20, Q-30: every operation lets in whom the matrix names, to what it names, and writes down what staff change', async () => {
  const faults: string[] = []
  for (const operation of operations) {
    const isAboutThings = operation.reach !== 'any' && (operation.path.includes('{') || operation.key in recipes)
    if (isAboutThings && !(operation.key in recipes))
      faults.push(`${operation.key} speaks of things: give it a recipe in prove/access/things.ts`)
    else faults.push(...(await (operation.key in recipes ? tryThings(operation) : tryAnything(operation))))
  }
  console.log(`Q-20: ${operations.length} operations, ${describeCounts(counters.all())}`)
  expect(faults).toEqual([])
  for (const name of ['let own', 'let cinema', 'let all', 'kept from cinema', 'kept from all', 'let in', 'kept out'])
    expect(counters.get(name)).toBeGreaterThan(20)
  await expectInvariants(app.db)
  expect(accepted.size).toBeGreaterThan(30)
  expect([...accepted].filter((key) => !written.has(key))).toEqual([])
})

test('Q-20: what is not theirs and what does not exist are told apart by nobody', async () => {
  const absent: Request = { params: { id: 999_999_999, reference: 'ZZZZZZZ2' } }
  const told = ({ status, body }: Reply) => ({ status, ...body, request_id: '' })
  let compared = 0
  for (const operation of operations.filter(
    ({ key, reach, method }) => reach === 'own or tickets.manage' && key in recipes && method === 'GET',
  )) {
    if (!operation.path.includes('{')) continue
    for (const asker of ['customer', 'cashier', 'moderator', 'manager'] as const) {
      const others = await (recipes[operation.key] as Recipe).make(stranger, there.id)
      const [theirs, none] = [await send(person(asker), operation, others), await send(person(asker), operation, absent)]
      expect([operation.key, asker, told(theirs)]).toEqual([operation.key, asker, told(none)])
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(20)
})
