import fc from 'fast-check'

import { judge, pick, pickLatest, type SceneOf } from '../deed.ts'
import { type Deed, some } from './buying.ts'
import { isOverdue, liveOf, type Model, RULES, type Session, sweepOverdue } from './model.ts'
import type { Till } from './world.ts'

const MINUTE = 60_000
const LENGTH = 120 * MINUTE
const ticketsOf = ({ orders }: Model) => orders.flatMap((order) => order.tickets.map((ticket) => ({ order, ticket })))
/** Two of three times one that is paid, when there is one. */
const seekTicket = (model: Model, number: number) => {
  const all = ticketsOf(model)
  const paid = all.filter(({ ticket }) => ticket.status === 'paid')
  return pickLatest(number % 3 === 0 || paid.length === 0 ? all : paid, Math.floor(number / 3))
}

export const passTo = ({ model, world }: SceneOf<Model, Till>, moment: number) => {
  model.now = Math.max(model.now, moment)
  world.clock.set(new Date(model.now))
}

const pass: Deed<{ seconds: number }> = {
  name: 'time passes',
  args: { seconds: fc.constantFrom(7, 290, 601, 901, 1_801, 3 * 3_600) },
  run: async (scene, { seconds }) => {
    passTo(scene, scene.model.now + seconds * 1_000)
    return true
  },
}

/** A ticket is scanned when its doors are open, for which time may have to pass. */
const scan: Deed<{ ticket: number; really: number }> = {
  name: 'scan',
  args: { ticket: fc.nat(11), really: fc.nat(2) },
  may: (model, { really, ticket }) => {
    return (
      ticketsOf(model).length > 0 && (really === 0 || seekTicket(model, ticket).ticket.session.starts - RULES.doors <= model.now)
    )
  },
  run: async (scene, { ticket: which }) => {
    const { model, world } = scene
    const { order, ticket } = seekTicket(model, which)
    const { session, status, reference } = ticket
    passTo(scene, session.starts - RULES.doors + MINUTE)
    const result = () => {
      if (status === 'used') return 'already_used'
      if (status === 'reserved' && !isOverdue(model, order)) return 'unpaid'
      if (status !== 'paid') return 'cancelled'
      return session.starts + LENGTH > model.now ? 'ok' : 'wrong_time'
    }
    const reply = await world.cashier.post('/api/v1/tickets/check-in', { booking_reference: reference, device: 'Door 1' })
    judge(scene, reply, '200')
    if (reply.body.result !== result()) throw new Error(`The door says ${reply.body.result}, not ${result()}.`)
    if (reply.body.result !== 'ok') return false
    const isLeaving = model.orders.some((other) => other.status === 'pending' && other.exchange?.tickets.includes(ticket))
    if (isLeaving) world.counters.add('scanned while being exchanged')
    ticket.status = 'used'
    return true
  },
}

/** A session gets a price of its own, or follows the card of its hour. */
const reprice: Deed<{ session: number; price: number | undefined }> = {
  name: 'change a price',
  args: { session: fc.nat(3), price: fc.option(fc.integer({ min: 8_000, max: 40_000 }), { nil: undefined, freq: 1 }) },
  may: ({ now, sessions }, { session }) => pick(sessions, session).starts + LENGTH > now,
  run: async (scene, { session: which, price }) => {
    const session = pick(scene.model.sessions, which)
    const patch = price === undefined ? { from_price_card: true } : { base_price: price / 100 }
    judge(scene, await scene.world.manager.patch(`/api/v1/sessions/${session.id}`, patch), '200')
    session.own = price
    return true
  },
}

/** Whoever follows the card costs what it says from now on; what is held or sold does not. */
const changeCard: Deed<{ hour: 'day' | 'evening'; full: number }> = {
  name: 'change a price card',
  args: { hour: fc.constantFrom('day', 'evening'), full: fc.integer({ min: 9_000, max: 45_000 }) },
  run: async (scene, { hour, full }) => {
    const card = scene.model.cards[hour]
    const prices = { standard: full / 100, premium: full / 100, vip: full / 100 }
    judge(scene, await scene.world.manager.patch(`/api/v1/price-cards/${card.id}`, { prices }), '200')
    card.full = full
    return true
  },
}

export const placesIn = (model: Model, session: Session) =>
  model.orders
    .filter((order) => !isOverdue(model, order))
    .flatMap((order) => liveOf(order).filter((ticket) => ticket.session === session))
export const noteMoved = (model: Model, session: Session, world: Till, what: string) => {
  if (placesIn(model, session).length === 0) return
  world.counters.add(what)
  session.isMoved = true
}

const move: Deed<{ session: number; minutes: number }> = {
  name: 'move a session',
  args: { session: fc.nat(3), minutes: fc.integer({ min: 20, max: 3_000 }) },
  may: ({ now, sessions }, { session, minutes }) => pick(sessions, session).starts !== now + minutes * MINUTE,
  run: async (scene, { session: which, minutes }) => {
    const { model, world } = scene
    const session = pick(model.sessions, which)
    const starts = model.now + minutes * MINUTE
    const over = session.starts + LENGTH <= model.now ? '409 sessions.finished' : '409 sessions.started'
    const body = { start_time: new Date(starts).toISOString() }
    const reply = await world.manager.patch(`/api/v1/sessions/${session.id}`, body)
    if (!judge(scene, reply, session.starts <= model.now ? over : '200')) return false
    session.starts = starts
    noteMoved(model, session, world, 'moved with its people')
    return true
  },
}

const sweep: Deed<Record<string, never>> = {
  name: 'sweep',
  args: {},
  run: ({ model, world }) => sweepBoth({ model, world }),
}

export const sweepBoth = async ({ model, world }: SceneOf<Model, Till>): Promise<boolean> => {
  await world.sweep.expire()
  const ended = sweepOverdue(model)
  if (ended.some(({ exchange }) => exchange)) world.counters.add('exchanges that ran out')
  return ended.length > 0
}

export const doJobs = async (world: Till): Promise<number> => {
  const jobs = await world.jobs()
  for (const job of jobs) if (!(await world.work(job))) throw new Error(`The job ${job.name} failed: ${JSON.stringify(job.data)}`)
  return jobs.length
}

const work: Deed<{ order: number }> = {
  name: 'do jobs',
  args: { order: some },
  run: async ({ world }) => (await doJobs(world)) > 0,
}

export const housekeeping = { pass, scan, reprice, changeCard, move, sweep, work }
