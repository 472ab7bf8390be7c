import { expect, test } from 'vitest'

import { createCounters, describeCounts } from '../lib/counters.ts'
import { type OpenapiDocument, type Operation, type Parameter, readOperations } from './document.ts'
import { createRandom } from './random.ts'
import { createRequests, kindAt } from './requests.ts'
import { openWorld } from './world.ts'

const random = createRandom(8)
const world = await openWorld(random)
/** Enough of everything that lists show. */
const FILLINGS = 3
const { body: document } = (await world.app.anonymous.get('/openapi.json')) as { body: OpenapiDocument }
const queryOf = ({ parameters }: Operation) => parameters.filter((parameter) => parameter.in === 'query')
const operations = readOperations(document).filter((operation) => operation.method === 'GET' && queryOf(operation).length > 0)
const { ask, fitting } = createRequests(world, document, random)

/** Where these stand, whatever comes is of somebody else's making: a provider's answer, an address of ours. */
const FOREIGN = new Set(['GET /api/v1/auth/oidc/{provider}/start', 'GET /api/v1/auth/oidc/{provider}/callback'])
const PAGES = new Set(['page', 'size', 'skip', 'limit', 'cursor'])
/** Looked for nowhere when nothing is typed yet. */
const SEARCHES = new Set(['search', 'q'])

type Answer = Awaited<ReturnType<typeof ask>>
const pointerOf = ({ body }: Answer) => (body as { errors?: { pointer: string }[] }).errors?.[0]?.pointer
const saysField = (answer: Answer, name: string) => answer.status === 422 && pointerOf(answer) === `/${name}`
/** How much a list or a file has; undefined when it is neither. */
const amountIn = ({ body, type }: Answer): number | undefined => {
  if (type.startsWith('text/csv')) return String(body).trim().split('\r\n').length - 1
  const { items, total } = body as { items?: unknown[]; total?: number | null }
  return items && (total ?? items.length)
}

const NOWHERE = Number.MAX_SAFE_INTEGER
/** Fits the schema and names nothing there is; where a span ends, it ends before everything. */
const namesNothing = ({ name, schema }: Parameter): string[] => {
  const { type, format, enum: values, minimum = 0, maximum = NOWHERE, pattern } = schema as Record<string, unknown>
  if (values || type === 'boolean' || PAGES.has(name)) return []
  if (type === 'integer' || type === 'number') return [String(name.endsWith('_to') ? minimum : maximum)]
  if (format === 'date-time') return [/^to$/.test(name) ? '2001-01-01T00:00:00Z' : '2199-01-01T00:00:00Z']
  if (format === 'date') return [/_(to|end)$|^end_/.test(name) ? '1901-01-01' : '2199-01-01']
  if (typeof pattern === 'string' && pattern.includes(String.raw`\d`)) return []
  return ['zzqqzzqq', ...(pattern ? [] : ['!!!'])]
}

/** Things that lists show, made by whoever may. */
const fill = async () => {
  const makers = readOperations(document).filter(
    ({ method, path }) => method !== 'GET' && method !== 'DELETE' && !path.includes('/auth/'),
  )
  for (let count = 0; count < FILLINGS; count += 1)
    for (const operation of makers) {
      const { status, body } = await ask(operation, await fitting(operation))
      if (status < 300) world.known.harvest(body, kindAt(`${operation.path}/{x}`, 'x'))
    }
  await world.app.receipts.issueDue()
}

const base = async (operation: Operation) => {
  const wire = await fitting(operation)
  const required = new Set(queryOf(operation).flatMap(({ name, required: must }) => (must ? [name] : [])))
  const asked = new URLSearchParams(wire.query)
  for (const name of asked.keys().toArray()) if (!required.has(name) && !/^(latitude|longitude)$/.test(name)) asked.delete(name)
  const send = (more: [string, string][]) => {
    const query = new URLSearchParams([...asked.entries().filter(([name]) => more.every(([its]) => its !== name)), ...more])
    return ask(operation, { ...wire, query: query.size > 0 ? `?${query.toString()}` : '' })
  }
  return send
}

test('each value of a query parameter is heard: it narrows the answer, or it is refused and its field named', async () => {
  const counters = createCounters()
  const faults: string[] = []
  const untold: string[] = []
  await fill()
  const refuse = async (what: string, answer: Answer, operation: Operation, name: string) => {
    counters.add(what)
    if (!saysField(answer, name))
      faults.push(`${operation.key} ${name} (${what}) answered ${answer.status} ${pointerOf(answer) ?? ''}`)
  }
  for (const operation of operations.filter(({ key }) => !FOREIGN.has(key))) {
    const send = await base(operation)
    const plain = await send([])
    if (plain.status !== 200) faults.push(`${operation.key} answered ${plain.status} without filters`)
    await refuse('unknown', await send([['age', 'many']]), operation, 'age')
    for (const parameter of queryOf(operation)) {
      const { name, schema } = parameter
      if (schema['type'] !== 'string') await refuse('of another kind', await send([[name, 'many']]), operation, name)
      if (!SEARCHES.has(name)) await refuse('empty', await send([[name, '']]), operation, name)
      await refuse('twice', await send([[name, '1'], [name, '2']]), operation, name) // prettier-ignore
      const before = amountIn(plain)
      for (const nothing of namesNothing(parameter)) {
        const answer = await send([[name, nothing]])
        const after = amountIn(answer)
        if (before === undefined) continue
        if (answer.status >= 400) {
          counters.add('refused')
          if (![403, 404].includes(answer.status) && !saysField(answer, name))
            faults.push(`${operation.key} ${name}=${nothing} answered ${answer.status} ${pointerOf(answer) ?? ''}`)
          continue
        }
        if (before === 0 || after === undefined) {
          untold.push(`${operation.key} ${name}`)
          continue
        }
        counters.add('narrowed')
        if (after >= before) faults.push(`${operation.key} ${name}=${nothing} is passed over: ${after} of ${before}`)
      }
    }
  }
  console.log(`filters: ${operations.length} operations, ${describeCounts(counters.all())}`)
  console.log(`nothing to narrow: ${untold.join(', ')}`)
  expect(faults).toEqual([])
  expect(untold.length).toBeLessThan(18)
  for (const [what, least] of [
    ['of another kind', 100],
    ['empty', 150],
    ['twice', 150],
    ['narrowed', 20],
  ] as const)
    // prettier-ignore
    expect(counters.get(what)).toBeGreaterThan(least)
})
