import { expect, test } from 'vitest'

import { createCounters, describeCounts } from '../lib/counters.ts'
import { expectInvariants } from '../lib/invariants.ts'
import { createJudge, type OpenapiDocument, type Operation, readOperations } from './document.ts'
import { createRandom } from './random.ts'
import { createRequests, EVERYBODY, kindAt, whoMay, type Wire } from './requests.ts'
import { openWorld } from './world.ts'

const SEED = Number(process.env['FUZZ_SEED'] ?? 1)
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 1)
/** Each operation must be answered with success so often, or the fuzzer only tests the validator. */
const ACCEPTED = 20 * ROUNDS
const MOST_TRIES = ACCEPTED * 3
const NEARLY = 2 * ROUNDS
const HOSTILE = 3 * ROUNDS
const LEAST_ACCEPTED = 0.3
/** Some eight thousand requests, one after the other. */
const PATIENCE_MS = 600_000 * ROUNDS

const random = createRandom(SEED)
const world = await openWorld(random)
const { body: document } = (await world.app.anonymous.get('/openapi.json')) as { body: OpenapiDocument }
const operations = readOperations(document)
const judge = createJudge(document)
const { ask, fitting, nearly, hostile } = createRequests(world, document, random)

type Tally = { accepted: number; refused: number; faults: string[] }

const fuzz = async (operation: Operation): Promise<Tally> => {
  const tally: Tally = { accepted: 0, refused: 0, faults: [] }
  const send = async (kind: string, wire: Wire) => {
    const answer = await ask(operation, wire)
    const fault = judge(operation, answer)
    if (fault)
      tally.faults.push(
        `${operation.key} (${kind}) ${fault}\n    ${wire.as} ${wire.path}${wire.query} ${wire.payload?.toString().slice(0, 300)}`,
      )
    if (answer.status < 400) {
      tally.accepted += 1
      world.known.harvest(answer.body, kindAt(`${operation.path}/{x}`, 'x'))
    } else tally.refused += 1
    return answer
  }
  const refusals = createCounters()
  for (let tries = 0; tally.accepted < ACCEPTED && tries < MOST_TRIES; tries += 1) {
    const { status, body } = await send('fitting', await fitting(operation))
    if (status >= 400) refusals.add(`${status} ${(body as { code?: string }).code}`)
  }
  if (tally.accepted < ACCEPTED)
    tally.faults.push(`${operation.key} was accepted only ${tally.accepted} times: ${describeCounts(refusals.all())}`)
  for (let count = 0; count < NEARLY; count += 1) await send('nearly', await nearly(operation))
  for (let count = 0; count < HOSTILE; count += 1) await send('hostile', await hostile(operation))
  return tally
}

test(
  'Q-22: whatever is sent to the operations of the document, each answers as it promises',
  async () => {
    const faults: string[] = []
    let [accepted, refused] = [0, 0]
    // What reads comes last: by then there is something to read.
    const inOrder = operations.toSorted(
      (a, b) =>
        Number(a.method === 'GET') - Number(b.method === 'GET') || Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
    )
    for (const operation of inOrder) {
      const tally = await fuzz(operation)
      console.log(`Q-22 ${operation.key}: accepted ${tally.accepted}, refused ${tally.refused}`)
      accepted += tally.accepted
      refused += tally.refused
      faults.push(...tally.faults)
    }
    console.log(`Q-22 seed ${SEED}: ${operations.length} operations, accepted ${accepted}, refused ${refused}`)
    expect(faults).toEqual([])
    expect(accepted / (accepted + refused)).toBeGreaterThan(LEAST_ACCEPTED)
    await expectInvariants(world.app.db)
  },
  PATIENCE_MS,
)

test('R-009: every operation refuses those whom its access does not name', async () => {
  const counters = createCounters()
  const wrong: string[] = []
  for (const operation of operations) {
    const allowed = whoMay(operation.access)
    for (const as of EVERYBODY.filter((name) => !allowed.includes(name))) {
      const { status, body } = await ask(operation, { ...(await fitting(operation)), headers: {}, as })
      const expected = as === 'anonymous' || as === 'guest' ? 401 : 403
      counters.add(`refused ${as}`)
      if (status !== expected || !(body as { code?: string }).code) wrong.push(`${operation.key} answered ${as} with ${status}`)
    }
  }
  console.log(`R-009: ${describeCounts(counters.all())}`)
  expect(wrong).toEqual([])
  expect(counters.get('refused anonymous')).toBeGreaterThan(20)
  expect(counters.get('refused customer')).toBeGreaterThan(10)
})
