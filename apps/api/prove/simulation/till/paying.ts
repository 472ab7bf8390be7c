import fc from 'fast-check'

import { type Fault, isBefore } from '../bank.model.ts'
import { judge, pick, pickLatest } from '../deed.ts'
import { type Deed, GUEST, GUEST_MAIL, mayTry, seek, some, someOrder } from './buying.ts'
import { passTo } from './housekeeping.ts'
import { dueOf, isPaid, isPending, type Model, type Open, type Order, RULES, whyNotPending } from './model.ts'
import { arrive, ask, learnEnding } from './settling.ts'
import type { Till } from './world.ts'

const kind = fc.constantFrom<Fault['kind']>('timeout_before', 'error_500', 'rate_limit_429', 'timeout_after', 'reset')
const faultOf = (operation: Fault['operation']) =>
  fc.option(fc.record<Fault>({ operation: fc.constant(operation), kind }), { nil: undefined, freq: 2 })
export const areOpen = ({ orders }: Model) => orders.filter((order): order is Order & { open: Open } => order.open !== undefined)

const noteUnknown = (order: Order, { counters }: Till) => {
  counters.add('unknown outcomes')
  if (order.exchange) counters.add('unknown outcomes of exchanges')
  if (order.points > 0) counters.add('unknown outcomes beside points')
  if (order.off) counters.add('unknown outcomes beside promotions')
}

type Paying = { order: number; isDeclined: boolean; fault: Fault | undefined }

/** The first card that the provider hears of counts; a payment whose outcome is unknown is joined. */
const pay: Deed<Paying> = {
  name: 'pay',
  args: { order: someOrder, isDeclined: fc.nat(4).map((one) => one === 0), fault: faultOf('charge') },
  may: (model, { order }) => mayTry(model, order, isPending),
  run: async (scene, { order: number, isDeclined, fault }) => {
    const { model, world } = scene
    const order = seek(model, number, isPending)
    const reason = whyNotPending(model, order)
    const body = { card_token: isDeclined ? 'tok_card_declined' : 'tok_ok', ...(order.buyer === GUEST && GUEST_MAIL) }
    const { result: reply, struck } = await world.bank.during(fault, () =>
      world.buyer(order.buyer).post(`/api/v1/orders/${order.id}/pay`, body, world.key()),
    )
    world.counters.add('provider faults', struck)
    if (reason) return judge(scene, reply, `409 ${reason}`)
    const open: Open = order.open ?? { id: 0, amount: dueOf(order), bank: 'unheard', created: model.now, asked: undefined }
    order.open = open
    if (open.bank === 'unheard' && !(fault && isBefore(fault))) open.bank = isDeclined ? 'refused' : 'taken'
    const isRefused = !fault && open.bank === 'refused'
    if (!judge(scene, reply, isRefused ? '402 payments.card_declined' : '201')) {
      order.open = undefined
      return false
    }
    open.id = reply.body.id
    if (fault) noteUnknown(order, world)
    else learnEnding(scene, order)
    return isPaid(order)
  },
}

const payCash: Deed<{ order: number; isPart: boolean }> = {
  name: 'pay at the counter',
  args: { order: someOrder, isPart: fc.boolean() },
  may: (model, { order }) => mayTry(model, order, isPending),
  run: async (scene, { order: number, isPart }) => {
    const { model, world } = scene
    const order = seek(model, number, isPending)
    const reason = whyNotPending(model, order) ?? (order.open ? 'orders.payment_in_progress' : undefined)
    const due = dueOf(order)
    const amount = isPart ? Math.ceil(due / 2) : due
    const body = { payment_method: 'cash', ...(reason ? {} : { amount: amount / 100 }) }
    const reply = await world.cashier.post(`/api/v1/orders/${order.id}/pay`, body, world.key())
    if (!judge(scene, reply, reason ? `409 ${reason}` : '201')) return false
    if (order.taken > order.returned) world.counters.add('paid in parts')
    arrive(scene, order, amount)
    return true
  },
}

type Telling = { index: number; how: 'once' | 'twice' | 'at once' | 'again later'; fault: Fault | undefined }

/** The provider tells what it has decided: in time or late, and as often as it likes. */
const tell: Deed<Telling> = {
  name: 'webhook',
  args: { index: some, how: fc.constantFrom('once', 'once', 'twice', 'at once', 'again later'), fault: faultOf('find') },
  may: ({ orders }) => orders.some(({ open, taken }) => open || taken > 0),
  run: async (scene, { index, how, fault: wished }) => {
    const { model, world } = scene
    const untold = await world.bank.untold()
    if (untold.length === 0) return false
    const awaited = untold.filter(({ payment_id }) => areOpen(model).some(({ open }) => open.id === payment_id))
    const event = pick(awaited.length > 0 ? awaited : untold, index)
    const order = areOpen(model).find(({ open }) => open.id === event.payment_id)
    const fault = how === 'once' && !model.heard.has(event.event_id) ? wished : undefined
    for (let time = 0; time < (how === 'twice' ? 2 : 1); time += 1) {
      const { result: replies, struck } = await world.bank.during(fault, () =>
        Promise.all(Array.from({ length: how === 'at once' ? 2 : 1 }, () => world.tell(event))),
      )
      world.counters.add('provider faults', struck)
      for (const reply of replies) judge(scene, reply, fault ? '503 payments.unknown' : '200')
    }
    if (fault) return false
    model.heard.add(event.event_id)
    if (how === 'twice' || how === 'at once') world.counters.add('webhooks duplicated')
    if (how !== 'again later') await world.bank.forgetTold(event.id)
    if (order) learnEnding(scene, order)
    return order !== undefined
  },
}

const comeLate: Deed<{ order: number }> = {
  name: 'a deadline passes under a payment',
  args: { order: some },
  may: (model) => areOpen(model).length > 0,
  run: async (scene, { order }) => {
    passTo(scene, pickLatest(areOpen(scene.model), order).expires + 1_000)
    return true
  },
}

const isQuiet = ({ now }: Model, { open: { asked, created } }: { open: Open }) => (asked ?? created) < now - RULES.quiet
const askedBy = (model: Model, what: 'complete' | 'reap') =>
  areOpen(model).filter((order) => (what === 'complete' ? isQuiet(model, order) : order.expires <= model.now))

/** We ask the provider. Which of two is asked about first is not promised. */
const inquire: Deed<{ what: 'complete' | 'reap'; fault: Fault | undefined }> = {
  name: 'ask the provider',
  args: { what: fc.constantFrom('complete', 'reap'), fault: faultOf('find') },
  may: (model, { what }) => askedBy(model, what).length === 1,
  run: async (scene, { what, fault }) => {
    const { model, world } = scene
    const { struck } = await world.bank.during(fault, world.sweep[what])
    world.counters.add('provider faults', struck)
    for (const order of askedBy(model, what)) {
      if (fault) order.open.asked = model.now
      else ask(scene, order, order.open)
    }
    return !fault
  },
}

export const paying = { pay, payCash, tell, comeLate, inquire }
