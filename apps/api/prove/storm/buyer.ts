import { setTimeout as sleep } from 'node:timers/promises'

import { createAsker, newKey, type World } from './asker.ts'
import type { Cinema, Person } from './cinema.ts'

const THINK_MS = 100
const LOST_MS = 600
const ARRIVAL_MS = 1_500
const POLL_MS = 500
/** The fewer seats the map shows as free, the fewer of the crowd try; a handful ask although it shows none. */
const TEMPTING = 60
const HOPE = 0.02
/** With so few seats left, whoever gets one keeps it. */
const SCARCE = 20

type Order = { id: number; total: number; tickets: { id: number }[] }

const chance = (share: number) => Math.random() < share
const pause = (most_ms: number) => sleep(20 + Math.random() * most_ms)

/** Free neighbours where the map shows some, in either order; some ask for what is taken and hope. */
const choose = ({ seat_ids, taken }: World): number[] | undefined => {
  const free = seat_ids.filter((id) => !taken.has(id))
  if (!chance(Math.max(HOPE, free.length / TEMPTING))) return undefined
  const from = free.length === 0 || chance(0.1) ? seat_ids : free
  const size = from.length > SCARCE && chance(0.5) ? 2 + Math.floor(Math.random() * 3) : 1
  const first = Math.floor(Math.random() * (from.length - size + 1))
  const group = from.slice(first, first + size)
  return chance(0.5) ? group : group.toReversed()
}

/** One person who wants seats and behaves like many: pays, forgets, changes their mind, taps twice. */
export const createBuyer = (cinema: Cinema, world: World, who: number, person: Person) => {
  const { counters } = world
  const { ask, perhapsTwice, lastWait } = createAsker(cinema, world, who, person)

  const isScarce = () => world.seat_ids.length - world.taken.size < SCARCE

  const hold = async () => {
    const seat_ids = choose(world)
    if (!seat_ids) return undefined
    const body = { session_id: world.session_id, seat_ids }
    const reply = await perhapsTwice(
      (headers) => ask('POST', '/tickets', body, headers),
      ({ body: made }) => made.order.id,
    )
    if (reply?.status !== 201) return undefined
    counters.add(seat_ids.length > 1 ? 'groups held' : 'seats held')
    return reply.body.order as Order
  }

  const untilDecided = async (orderId: number): Promise<string> => {
    for (;;) {
      await sleep(POLL_MS)
      const reply = await ask('GET', `/orders/${orderId}`)
      const [payment] = reply?.body.payments.toReversed() ?? []
      if (payment?.status !== 'pending') return reply?.body.status ?? 'unknown'
    }
  }

  /** `true` when the money was taken and the seats are theirs. */
  const pay = async (orderId: number, card_token: string): Promise<boolean> => {
    const email = 'x-guest-token' in person ? { email: `guest-${who}@marquee.test` } : {}
    const body = { card_token, payment_method: 'card', ...email }
    const reply = await perhapsTwice(
      (headers) => ask('POST', `/orders/${orderId}/pay`, body, headers),
      (made) => made.body.id,
    )
    if (reply?.status !== 201) return false
    const status = reply.body.status === 'pending' ? await untilDecided(orderId) : reply.body.order.status
    if (card_token === 'tok_async') counters.add(status === 'paid' ? 'paid by webhook' : 'money came too late')
    return status === 'paid'
  }

  /** The cashier takes the money, sometimes the first half in cash and the second by a card at the terminal. */
  const payAtCounter = async ({ id, total }: Order): Promise<boolean> => {
    const take = async (payment: object) =>
      (await ask('POST', `/orders/${id}/pay`, payment, newKey(), cinema.cashier))?.body.order?.status as string | undefined
    const isParted = chance(0.5)
    if (isParted && !(await take({ payment_method: 'cash', amount: Math.ceil(total / 2) }))) return false
    const isPaid = (await take({ payment_method: isParted ? 'terminal' : 'cash' })) === 'paid'
    if (isPaid) counters.add(isParted ? 'sold at the counter in two parts' : 'sold at the counter')
    return isPaid
  }

  /** Somebody would rather come on another day: the old seat is free the moment the new one is theirs. */
  const exchange = async ({ id, tickets: [ticket] }: Order) => {
    const { id: session_id, seat_ids } = world.quiet
    const seat_id = seat_ids[Math.floor(Math.random() * seat_ids.length)]
    if (!world.mayGive || !ticket || seat_id === undefined) return
    world.giving += 1
    const reply = await ask(
      'POST',
      `/orders/${id}/exchanges`,
      { session_id, tickets: [{ ticket_id: ticket.id, seat_id }] },
      newKey(),
    )
    world.giving -= 1
    if (reply?.status === 201 && reply.body.done) counters.add('tickets exchanged')
  }

  const give = async ({ tickets: [ticket] }: { tickets: { id: number }[] }) => {
    if (!world.mayGive) return
    world.giving += 1
    const reply = await ask('POST', `/tickets/${ticket?.id}/cancel`, {}, newKey())
    world.giving -= 1
    if (reply?.status === 200) counters.add('tickets cancelled')
  }

  /** Pays at the very end of the hold: some of these come in time, some do not. */
  const dawdle = async (order: Order) => {
    counters.add('paid at the last moment')
    await sleep(world.hold_ms - 150 + Math.random() * 300)
    return pay(order.id, chance(0.5) ? 'tok_async' : 'tok_ok')
  }

  const payByCard = async (order: Order): Promise<boolean> => {
    const card = chance(0.15) ? 'tok_card_declined' : chance(0.25) ? 'tok_async' : 'tok_ok'
    if (await pay(order.id, card)) return true
    return card === 'tok_card_declined' && (isScarce() || chance(0.5)) && (await pay(order.id, 'tok_ok'))
  }

  const buy = async (order: Order) => {
    const way = isScarce() ? 1 : Math.random()
    const isPaid = way < 0.2 ? await payAtCounter(order) : way < 0.28 ? await dawdle(order) : await payByCard(order)
    if (!isPaid) return
    counters.add('orders paid')
    if (chance(0.06)) await pause(THINK_MS).then(() => give(order))
    else world.paid.push({ cancel: () => give(order), exchange: () => exchange(order) })
  }

  return async (): Promise<void> => {
    await pause(ARRIVAL_MS)
    while (!world.isOver) {
      const order = await hold()
      if (!order) {
        // Who waits long for an answer does not ask again at once.
        await pause(Math.max(LOST_MS, lastWait() * 2))
        continue
      }
      await pause(THINK_MS)
      const mood = Math.random()
      if (mood < (isScarce() ? 0.02 : 0.15)) counters.add('forgotten')
      else if (mood < 0.22 && !isScarce()) await ask('POST', `/orders/${order.id}/cancel`, {}, newKey())
      else await buy(order)
    }
  }
}
