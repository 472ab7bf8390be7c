import { deepStrictEqual } from 'node:assert/strict'

import { checkInvariants } from '#modules/invariants/service.ts'
import { complete, hear } from './bank.model.ts'
import { compare } from './compare.ts'
import { judge, type Scene } from './deed.ts'
import { doJobs } from './house.ts'
import { emptySession, sweepOverdue } from './model.ts'

const A_DAY_MS = 86_400_000
const MANY = 20

const pass = ({ model, world }: Scene, ms: number) => {
  model.now += ms
  world.clock.set(new Date(model.now))
}

/** One after the other, by a hint of our own: then it is known who of two late buyers comes first. */
const endPayments = async (scene: Scene) => {
  const { model, world } = scene
  for (const payment of model.orders.flatMap(({ payments }) => payments).filter(({ status }) => status === 'pending')) {
    const data = { reference: 'pi_hint', payment_id: payment.id, amount_minor: 1, currency: 'UAH', status: 'processing' }
    const event = `evt_hint_${payment.id}`
    const reply = await world.tell({ body: JSON.stringify({ id: event, type: 'payment.processing', created: 1, data }) })
    judge(scene, reply, hear(model, payment, event, undefined) ? '200' : '503 payments.unknown')
  }
  await compare(scene)
}

const drain = async (scene: Scene) => {
  for (let round = 0; round < MANY; round += 1) {
    const done = await doJobs(scene, undefined, false)
    await compare(scene)
    if (done === 0) return
  }
  throw new Error('The queue does not become empty.')
}

const tellTheRest = async (scene: Scene) => {
  const { model, world } = scene
  for (const event of await world.bank.untold()) {
    const payment = model.orders.flatMap(({ payments }) => payments).find(({ id }) => id === event.payment_id)
    const isHeard = payment !== undefined && hear(model, payment, event.event_id, undefined)
    judge(scene, await world.tell(event), isHeard ? '200' : '503 payments.unknown')
    await world.bank.forgetTold(event.id)
  }
  await compare(scene)
}

/**
 * A day later nobody misbehaves any more: every payment has its ending, every hold is swept, every refund was given. Then
 * the provider's books are ours, and every invariant holds.
 */
export const becomeQuiet = async (scene: Scene): Promise<void> => {
  const { model, world } = scene
  pass(scene, A_DAY_MS)
  await endPayments(scene)
  await world.sweep.complete()
  complete(model, undefined)
  await world.sweep.expire()
  sweepOverdue(model)
  await compare(scene)
  await world.resume()
  for (const session of model.sessions) if (session.status === 'cancelled') emptySession(model, session)
  await compare(scene)
  await drain(scene)
  await tellTheRest(scene)
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
