import { expect, test } from 'vitest'

import { injections } from '#testing/injections.ts'
import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { type OpenapiDocument, readOperations, type Schema } from './document.ts'
import { createRandom } from './random.ts'
import { createRequests } from './requests.ts'
import { createValues } from './values.ts'
import { openWorld } from './world.ts'

const random = createRandom(26)
const world = await openWorld(random)
const { body: document } = (await world.app.anonymous.get('/openapi.json')) as { body: OpenapiDocument }
const { fitting, ask } = createRequests(world, document, random)
const { resolve } = createValues(document, random)
const counters = createCounters()

/** Fields for words of one's own: no list, no form, no secret. */
const isFree = ({ type, enum: values, format, pattern }: Schema) =>
  [type].flat().includes('string') && values === undefined && format === undefined && pattern === undefined
const SECRETS = /password|token|key|code|secret|reference/

const fieldsOf = (body: Schema) =>
  Object.entries(resolve(body).properties ?? {}).filter(([name, schema]) => isFree(resolve(schema)) && !SECRETS.test(name))

/** Everywhere in an answer where a field of this name stands. */
const valuesOf = (answer: unknown, name: string): unknown[] => {
  if (Array.isArray(answer)) return answer.flatMap((one) => valuesOf(one, name))
  if (typeof answer !== 'object' || answer === null) return []
  return Object.entries(answer).flatMap(([key, value]) => (key === name ? [value] : valuesOf(value, name)))
}

/** A field for several names keeps them apart by a comma and a space. */
const spaced = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(/ ?, ?/g, ', ').trim()

/** A third of the texts for each field, in turn: each kind of field meets all of them somewhere. */
const tries = readOperations(document)
  .filter(({ body, key }) => body !== undefined && !key.endsWith('/login'))
  .flatMap((operation) => fieldsOf(operation.body ?? {}).map(([name]) => ({ operation, name })))
  .flatMap((field, at) => injections.filter((_, index) => index % 3 === at % 3).map((text) => ({ ...field, text })))

test('Q-26: every field for words takes them as words: what is accepted is read back as it was, and nothing breaks', async () => {
  const faults: string[] = []
  for (const { operation, name, text } of tries) {
    const wire = await fitting(operation)
    const body = { ...(wire.body as object), [name]: text }
    const { status, type, body: answer } = await ask(operation, { ...wire, payload: JSON.stringify(body) })
    counters.add(status < 300 ? 'accepted' : 'refused')
    const isJson = answer === '' || type.includes('json')
    if (status >= 500 || !isJson) faults.push(`${operation.key} ${name}: ${status} ${type} to ${text}`)
    const read = status < 300 ? valuesOf(answer, name).filter((value) => typeof value === 'string') : []
    if (read.some((value) => spaced(value) === spaced(text))) counters.add('read back')
    else if (read.length > 0) faults.push(`${operation.key} ${name}: ${text} was read back as ${String(read[0])}`)
  }
  console.log(`Q-26: ${describeCounts(counters.all())}`)
  expect(faults).toEqual([])
  expect(counters.get('accepted')).toBeGreaterThan(300)
  expect(counters.get('read back')).toBeGreaterThan(200)
  await expectInvariants(world.app.db)
})
