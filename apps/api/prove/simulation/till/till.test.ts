import { deepStrictEqual } from 'node:assert/strict'

import { afterAll, expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { createCommands, judge, type SceneOf } from '../deed.ts'
import { liveAll, patienceFor, seedsOr } from '../lives.ts'
import { buying } from './buying.ts'
import { compare } from './compare.ts'
import { doJobs, housekeeping, passTo, sweepBoth } from './housekeeping.ts'
import type { Model } from './model.ts'
import { areOpen, paying } from './paying.ts'
import { returning } from './returning.ts'
import { ask } from './settling.ts'
import { swapping } from './swapping.ts'
import { openTill, type Till } from './world.ts'

const SEEDS = seedsOr(20)
const STEPS = 180
const A_DAY_MS = 86_400_000
const MANY = 20

const toCommand = createCommands<Model, Till>(compare)
const { book, add, putCode, removeCode, putPoints } = buying
const { pay, payCash, tell, comeLate, inquire } = paying
const { giveUp, giveBack, exchange } = returning
const { pass, scan, reprice, changeCard, move, sweep, work } = housekeeping
const often = <T>(times: number, command: T): T[] => Array.from({ length: times }, () => command)
const commands = [
  ...often(5, toCommand(pay)),
  ...often(4, toCommand(book)),
  ...often(4, toCommand(exchange)),
  ...often(3, toCommand(putCode)),
  ...often(3, toCommand(putPoints)),
  ...often(2, toCommand(giveBack)),
  ...often(2, toCommand(payCash)),
  ...often(2, toCommand(add)),
  ...often(2, toCommand(tell)),
  toCommand(comeLate),
  toCommand(inquire),
  toCommand(removeCode),
  toCommand(giveUp),
  toCommand(pass),
  toCommand(scan),
  toCommand(reprice),
  toCommand(changeCard),
  toCommand(move),
  toCommand(swapping.swap),
  toCommand(sweep),
  toCommand(work),
]

/** With so many seeds each deed was accepted and each of these was met, or the runs prove nothing. */
const ENOUGH = 50
const DEEDS = [buying, paying, returning, swapping, housekeeping].flatMap((deeds): { name: string }[] => Object.values(deeds))
const MUST_BE_SEEN = [
  ...DEEDS.flatMap(({ name }) => [`tried ${name}`, `accepted ${name}`]),
  '409 promotions.limit_reached',
  '409 promotions.limit_per_user',
  '409 loyalty.over_cap',
  '409 loyalty.not_enough_points',
  'parts given back',
  'orders given back',
  'exchanges dearer',
  'exchanges cheaper',
  'exchanges even',
  'dearer exchanges paid',
  'exchanges that ran out',
  'booked after the automatic promotion',
  'moved with its people',
  'swapped with its people',
  'paid in parts',
  'booked by a price card',
  'orders of several sessions paid',
  'returns of orders of several sessions',
  'provider faults',
  'unknown outcomes',
  'unknown outcomes of exchanges',
  'unknown outcomes beside promotions',
  'unknown outcomes beside points',
  'webhooks duplicated',
  'exchanges that came too late',
  'late money that bought its seats',
]
/** Needs many more seeds. */
const MANY_SEEDS = 300
const RARE = [
  'returns lessened by spent points',
  'exchanges lessened by spent points',
  'holds without a seat',
  'people without a seat',
  'late money that went back',
  'scanned while being exchanged',
]

/** One after the other, by a hint of our own: then it is known who of two late buyers comes first. */
const endPayments = async (scene: SceneOf<Model, Till>) => {
  const { model, world } = scene
  for (const order of areOpen(model)) {
    const data = { reference: 'pi_hint', payment_id: order.open.id, amount_minor: 1, currency: 'UAH', status: 'processing' }
    const body = JSON.stringify({ id: `evt_hint_${order.open.id}`, type: 'payment.processing', created: 1, data })
    const isHeard = order.open.bank !== 'unheard'
    judge(scene, await world.tell({ body }), isHeard ? '200' : '503 payments.unknown')
    if (isHeard) ask(scene, order, order.open)
  }
  await world.sweep.complete()
  for (const order of areOpen(model)) ask(scene, order, order.open)
  await compare(scene)
}

/** What the provider has not told yet comes when all is over, and changes nothing. */
const tellTheRest = async (scene: SceneOf<Model, Till>) => {
  const { world } = scene
  const untold = await world.bank.untold()
  for (const reply of await Promise.all(untold.map((event) => world.tell(event)))) judge(scene, reply, '200')
  await Promise.all(untold.map(({ id }) => world.bank.forgetTold(id)))
  await compare(scene)
}

/** A day later all holds have ended and all money has gone back. Then books are the same and every invariant holds. */
const becomeQuiet = async (scene: SceneOf<Model, Till>) => {
  const { model, world } = scene
  passTo(scene, model.now + A_DAY_MS)
  await endPayments(scene)
  await sweepBoth(scene)
  await compare(scene)
  let rounds = 0
  while ((await doJobs(world)) > 0) if ((rounds += 1) > MANY) throw new Error('The queue does not become empty.')
  await tellTheRest(scene)
  await requireSound(world)
}

const requireSound = async (world: Till) => {
  const { ours, theirs } = await world.books()
  deepStrictEqual(theirs, ours)
  await world.app.receipts.issueDue()
  await world.app.audit.seal()
  const { findings } = await checkInvariants(world.app.db, { sweeperRan: true, queueDrained: true })
  const broken = findings.filter(({ verdict }) => verdict === 'violated')
  deepStrictEqual(
    broken.map(({ id, sentence, count, examples }) => ({ id, sentence, count, examples })),
    [],
  )
}

const worlds: Till[] = []
afterAll(async () => {
  for (const world of worlds) await world.close()
})

test(
  `Q-09 ${SEEDS} lives of a till: whatever is lowered, given back and exchanged, no limit is exceeded and no cent is lost`,
  async () => {
    const world = await openTill()
    worlds.push(world)
    await liveAll({
      name: 'lives of a till',
      world,
      seeds: SEEDS,
      commands,
      steps: STEPS,
      begin: (seed) => world.begin(seed),
      end: becomeQuiet,
    })
    const wanted = [...(SEEDS < ENOUGH ? [] : MUST_BE_SEEN), ...(SEEDS < MANY_SEEDS ? [] : RARE)]
    expect(wanted.filter((name) => world.counters.get(name) === 0)).toEqual([])
  },
  patienceFor(SEEDS),
)
