import fc from 'fast-check'

import { type Fault, complete, hear, openPayments, overduePayments, reap } from './bank.model.ts'
import { type Deed, judge, pick, pickLatest, type Scene } from './deed.ts'
import {
  cancelSession,
  emptySession,
  endRefund,
  holderOf,
  isOverdue,
  LENGTH_MINUTES,
  liveOf,
  MINUTE,
  type Model,
  type Payment,
  placeOf,
  RULES,
  sweepOverdue,
} from './model.ts'
import type { World } from './world.ts'

const some = fc.nat(5)
const kind = fc.constantFrom<Fault['kind']>('timeout_before', 'error_500', 'rate_limit_429', 'timeout_after', 'reset')
const faultOf = (...operations: Fault['operation'][]) =>
  fc.option(fc.record<Fault>({ operation: fc.constantFrom(...operations), kind }), { nil: undefined, freq: 2 })

const hasEnded = ({ now }: Model, { starts }: { starts: number }) => starts + LENGTH_MINUTES * MINUTE <= now
const allPayments = ({ orders }: Model) => orders.flatMap(({ payments }) => payments)

const change = async (scene: Scene, id: number, patch: object, reason: string | undefined) => {
  const reply = await scene.world.manager.patch(`/api/v1/sessions/${id}`, patch)
  return judge(scene, reply, reason ? `409 ${reason}` : '200')
}

const reprice: Deed<{ session: number; price: number }> = {
  name: 'change a price',
  args: { session: fc.nat(2), price: fc.integer({ min: 1, max: 50_000 }) },
  run: async (scene, { session: which, price }) => {
    const session = pick(scene.model.sessions, which)
    const over = hasEnded(scene.model, session) ? 'sessions.finished' : undefined
    const isDone = await change(
      scene,
      session.id,
      { base_price: price / 100 },
      session.status === 'cancelled' ? 'sessions.cancelled' : over,
    )
    if (isDone) session.price = price
    return isDone
  },
}

const move: Deed<{ session: number; minutes: number }> = {
  name: 'move a session',
  args: { session: fc.nat(2), minutes: fc.integer({ min: 1, max: 3_000 }) },
  may: ({ now, sessions }, { session, minutes }) => pick(sessions, session).starts !== now + minutes * MINUTE,
  run: async (scene, { session: which, minutes }) => {
    const { model } = scene
    const session = pick(model.sessions, which)
    const starts = model.now + minutes * MINUTE
    const refuse = () => {
      if (session.status === 'cancelled') return 'sessions.cancelled'
      if (hasEnded(model, session)) return 'sessions.finished'
      return session.starts <= model.now ? 'sessions.started' : undefined
    }
    const isDone = await change(scene, session.id, { start_time: new Date(starts).toISOString() }, refuse())
    // Where nobody has a seat yet, nobody needs to be told.
    const isTold = session.seats.some((seat) => holderOf(model, session, seat))
    if (isDone) Object.assign(session, { starts, ...(isTold && { status: 'rescheduled' }) })
    return isDone
  },
}

const cancelOne: Deed<{ session: number; really: number }> = {
  name: 'cancel a session',
  args: { session: fc.nat(2), really: fc.nat(4) },
  may: (_model, { really }) => really === 0,
  run: async (scene, { session: which }) => {
    const { model, world } = scene
    const session = pick(model.sessions, which)
    const isOver = session.status === 'cancelled'
    const reply = await world.manager.post(`/api/v1/sessions/${session.id}/cancel`, {}, world.key())
    if (!judge(scene, reply, !isOver && hasEnded(model, session) ? '409 sessions.finished' : '200')) return false
    if (!isOver) cancelSession(model, session)
    return true
  },
}

const ticketsOf = ({ orders }: Model) => orders.flatMap(({ tickets }) => tickets)

const scan: Deed<{ ticket: number; session: number | undefined }> = {
  name: 'scan',
  args: { ticket: fc.nat(12), session: fc.option(fc.nat(2), { nil: undefined, freq: 2 }) },
  may: (model) => ticketsOf(model).length > 0,
  run: async (scene, { ticket: which, session: door }) => {
    const { model, world } = scene
    const ticket = pickLatest(ticketsOf(model), which)
    const { session, status, reference } = ticket
    const asked = door === undefined ? undefined : pick(model.sessions, door)
    const result = () => {
      if (status === 'used') return 'already_used'
      const isReserved = status === 'reserved' && !isOverdue(model, ticket.order)
      if (isReserved) return 'unpaid'
      if (status !== 'paid' || session.status === 'cancelled') return 'cancelled'
      if (asked && asked !== session) return 'wrong_session'
      return session.starts - RULES.doors <= model.now && !hasEnded(model, session) ? 'ok' : 'wrong_time'
    }
    const wish = { booking_reference: reference, device: 'Door 1', ...(asked && { session_id: asked.id }) }
    const reply = await world.cashier.post('/api/v1/tickets/check-in', wish)
    judge(scene, reply, '200')
    if (reply.body.result !== result())
      throw new Error(`The door says ${reply.body.result} to a ${status} ticket, not ${result()}.`)
    world.counters.add(`door: ${reply.body.result}`)
    if (reply.body.result !== 'ok') return false
    ticket.status = 'used'
    return true
  },
}

const undoScan: Deed<{ ticket: number }> = {
  name: 'undo a scan',
  args: { ticket: fc.nat(12) },
  may: (model) => ticketsOf(model).some(({ status }) => status === 'used'),
  run: async (scene, { ticket: which }) => {
    const used = ticketsOf(scene.model).filter(({ status }) => status === 'used')
    const ticket = pickLatest(used, which)
    const reply = await scene.world.cashier.post(`/api/v1/tickets/${ticket.id}/check-in/undo`, { reason: 'the wrong person' })
    judge(scene, reply, '200')
    ticket.status = 'paid'
    return true
  },
}

const pass: Deed<{ seconds: number }> = {
  name: 'time passes',
  args: { seconds: fc.constantFrom(3, 7, 61, 290, 301, 601, 901, 1_801, 3 * 3_600, 25 * 3_600) },
  run: async ({ model, world }, { seconds }) => {
    passTo({ model, world }, model.now + seconds * 1_000)
    return true
  },
}

const passTo = ({ model, world }: Scene, moment: number) => {
  model.now = Math.max(model.now, moment)
  world.clock.set(new Date(model.now))
}

const comeLate: Deed<{ payment: number }> = {
  name: 'a deadline passes under a payment',
  args: { payment: some },
  may: (model) => allPayments(model).some(({ status }) => status === 'pending'),
  run: async (scene, { payment }) => {
    const open = allPayments(scene.model).filter(({ status }) => status === 'pending')
    passTo(scene, pickLatest(open, payment).order.expires + 1_000)
    return true
  },
}

const openDoors: Deed<{ ticket: number; really: number }> = {
  name: 'the doors open',
  args: { ticket: some, really: fc.nat(2) },
  may: (model, { really }) => really === 0 && ticketsOf(model).some(({ status }) => status === 'paid'),
  run: async (scene, { ticket }) => {
    const paid = ticketsOf(scene.model).filter(({ status }) => status === 'paid')
    passTo(scene, pickLatest(paid, ticket).session.starts - RULES.doors + MINUTE)
    return true
  },
}

/** Which of two late payments for one seat is asked about first is not promised: such a sweep proves nothing. */
const areApart = (payments: Payment[]) => {
  const places = payments.flatMap(({ order }) => liveOf(order).map(({ session, seat }) => placeOf(session, seat)))
  return new Set(places).size === places.length
}

const sweep: Deed<{ what: 'expire' | 'complete' | 'reap'; fault: Fault | undefined }> = {
  name: 'sweep',
  args: { what: fc.constantFrom('expire', 'complete', 'reap'), fault: faultOf('find', 'cancel') },
  may: (model, { what }) => areApart({ expire: () => [], complete: openPayments, reap: overduePayments }[what](model)),
  run: async ({ model, world }, { what, fault }) => {
    const its = what === 'expire' ? undefined : fault
    const { result, struck } = await world.bank.during(its, world.sweep[what])
    world.counters.add('provider faults', struck)
    noteLate(model, world, () => ({ expire: sweepOverdue, complete, reap })[what](model, its))
    return result > 0
  },
}

/** Counts money that came after its deadline, and what became of it. */
const noteLate = (model: Model, world: World, work: () => void) => {
  const late = allPayments(model).filter(({ status, order }) => status === 'pending' && order.expires <= model.now)
  work()
  for (const { status, order } of late) {
    if (!['success', 'partially_refunded', 'refunded'].includes(status)) continue
    world.counters.add('late money')
    if (order.status === 'paid') world.counters.add('late money that bought its seats')
  }
}

type Telling = { index: number; how: 'once' | 'twice' | 'at once' | 'again later' | 'never'; fault: Fault | undefined }

const tell: Deed<Telling> = {
  name: 'webhook',
  args: {
    index: some,
    how: fc.constantFrom('once', 'once', 'twice', 'at once', 'again later', 'never'),
    fault: faultOf('find', 'cancel'),
  },
  may: (model) => allPayments(model).some(({ bank }) => bank !== 'unheard'),
  run: async (scene, { index, how, fault }) => {
    const { model, world } = scene
    const untold = await world.bank.untold()
    if (untold.length === 0) return false
    const event = pick(untold, index)
    if (index % untold.length > 0) world.counters.add('webhooks out of order')
    if (how === 'never') {
      world.counters.add('webhooks dropped')
      await world.bank.forgetTold(event.id)
      return true
    }
    const payment = allPayments(model).find(({ id }) => id === event.payment_id)
    if (!payment) throw new Error(`A webhook tells of payment ${event.payment_id}, of which nobody knows.`)
    const its = how === 'once' ? fault : undefined
    const times = how === 'twice' ? 2 : 1
    let isHeard = true
    for (let time = 0; time < times; time += 1) {
      const post = () => world.tell(event)
      const { result: replies, struck } = await world.bank.during(its, () =>
        Promise.all(how === 'at once' ? [post(), post()] : [post()]),
      )
      world.counters.add('provider faults', struck)
      noteLate(model, world, () => (isHeard = hear(model, payment, event.event_id, its)))
      for (const reply of replies) judge(scene, reply, isHeard ? '200' : '503 payments.unknown')
    }
    if (how === 'twice' || how === 'at once') world.counters.add('webhooks duplicated')
    if (isHeard && how !== 'again later') await world.bank.forgetTold(event.id)
    return isHeard
  },
}

const findRefund = (model: Model, id: number) => {
  for (const payment of allPayments(model)) for (const refund of payment.refunds) if (refund.id === id) return { payment, refund }
  throw new Error(`Refund ${id} is nobody's.`)
}

/** Everything that waits in the queue is done once, or twice as after a crash; refunds may fail and stay. */
export const doJobs = async ({ model, world }: Scene, fault: Fault | undefined, isTwice: boolean): Promise<number> => {
  const jobs = await world.jobs()
  for (const job of jobs) {
    const data: { refund_id?: number; session_id?: number } = job.data
    const owed = data.refund_id === undefined ? undefined : findRefund(model, data.refund_id)
    const its = owed?.payment.method === 'card' && owed.refund.status === 'pending' ? fault : undefined
    const { result: isDone, struck } = await world.bank.during(its, () => world.work(job))
    world.counters.add('provider faults', struck)
    if (isDone === (its !== undefined))
      throw new Error(`The job ${job.name} ${isDone ? 'succeeded' : 'failed'}: ${JSON.stringify(job.data)}`)
    if (!isDone) world.counters.add('refunds failed')
    if (isDone && owed?.refund.status === 'pending') endRefund(owed.payment, owed.refund)
    const session = job.name === 'sessions.cancel' ? model.sessions.find(({ id }) => id === data.session_id) : undefined
    if (session) emptySession(model, session)
    if (isDone && isTwice) {
      world.counters.add('jobs done twice')
      await world.work(job)
    }
  }
  return jobs.length
}

const work: Deed<{ fault: Fault | undefined; isTwice: boolean }> = {
  name: 'do jobs',
  args: { fault: faultOf('refund'), isTwice: fc.boolean() },
  run: async (scene, { fault, isTwice }) => (await doJobs(scene, fault, isTwice)) > 0,
}

export const houseDeeds = { reprice, move, cancelOne, scan, undoScan, pass, comeLate, openDoors, sweep, tell, work }
