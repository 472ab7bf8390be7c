import { setTimeout as sleep } from 'node:timers/promises'

import type { Counters } from '../lib/counters.ts'
import type { Reply } from '../lib/http.ts'
import type { Cinema, Person } from './cinema.ts'

/** What everybody in the storm sees: the seat map, a moment old, and whether it is over. */
export type World = {
  session_id: number
  seat_ids: number[]
  taken: Set<number>
  isOver: boolean
  /** Towards the end nobody gives tickets back any more, or the hall would never be full. */
  mayGive: boolean
  giving: number
  counters: Counters
  unexpected: string[]
  waits_ms: number[]
  /** Orders that were paid, with whoever can cancel them. */
  paid: { cancel: () => Promise<void> }[]
}

const LOSERS = new Set([
  'tickets.seats_taken',
  'orders.hold_expired',
  'orders.payment_in_progress',
  'orders.already_paid',
  'tickets.expired',
  'idempotency.in_progress',
])
const THINK_MS = 100
const LOST_MS = 600
const ARRIVAL_MS = 1_500
const POLL_MS = 500
const BUSY_TRIES = 20
/** The fewer seats the map shows as free, the fewer of the crowd try; a handful ask although it shows none. */
const TEMPTING = 60
const HOPE = 0.02
/** With so few seats left, whoever gets one keeps it. */
const SCARCE = 20

const chance = (share: number) => Math.random() < share
const pause = (most_ms: number) => sleep(20 + Math.random() * most_ms)

let keys = 0
const newKey = () => {
  keys += 1
  return { 'idempotency-key': `storm-${process.pid}-${keys}` }
}

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
  const { counters, unexpected } = world
  let last_ms = 0

  /** Sorts every answer into what may happen and what may not; a busy server is asked again when it says so. */
  const ask = async (method: string, path: string, body?: object, headers: Person = {}): Promise<Reply | undefined> => {
    for (let tries = 0; tries < BUSY_TRIES; tries += 1) {
      const reply = await cinema.call(who, person, method, path, body, headers).catch((error: Error) => {
        unexpected.push(`${method} ${path}: ${error.message}`)
      })
      if (!reply) return undefined
      counters.add('requests')
      world.waits_ms.push(reply.ms)
      last_ms = reply.ms
      if (reply.status !== 503) return sort(method, path, reply)
      counters.add('503')
      if (!Number(reply.headers['retry-after'])) unexpected.push(`${method} ${path}: 503 without Retry-After`)
      await sleep((Number(reply.headers['retry-after']) || 1) * 1000)
    }
    unexpected.push(`${method} ${path}: busy ${BUSY_TRIES} times`)
    return undefined
  }

  const sort = (method: string, path: string, reply: Reply): Reply => {
    const { status, body } = reply
    if (status < 300) return reply
    if (status === 402) counters.add('declined')
    else if (status === 409 && LOSERS.has(body.code)) counters.add(`409 ${body.code}`)
    else if (status === 422 && body.code === 'orders.too_many_seats') counters.add('422 too many seats')
    else unexpected.push(`${method} ${path}: ${status} ${JSON.stringify(body)}`)
    return reply
  }

  /** Some tap twice; the same key must then have one effect. */
  const perhapsTwice = async (send: (headers: Person) => Promise<Reply | undefined>, idOf: (reply: Reply) => unknown) => {
    const headers = newKey()
    if (!chance(0.15)) return send(headers)
    const [first, second] = await Promise.all([send(headers), send(headers)])
    if (first?.status === 201 && second?.status === 201) {
      counters.add('repeats')
      if (idOf(first) !== idOf(second))
        unexpected.push(`one key, two effects: ${String(idOf(first))} and ${String(idOf(second))}`)
    }
    return first?.status === 201 ? first : second
  }

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
    return reply.body.order as { id: number; tickets: { id: number }[] }
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
    const body = { card_token, payment_method: 'card' }
    const reply = await perhapsTwice(
      (headers) => ask('POST', `/orders/${orderId}/pay`, body, headers),
      (made) => made.body.id,
    )
    if (reply?.status !== 201) return false
    const status = reply.body.status === 'pending' ? await untilDecided(orderId) : reply.body.order.status
    if (card_token === 'tok_async') counters.add(status === 'paid' ? 'paid by webhook' : 'money came too late')
    return status === 'paid'
  }

  const give = async ({ tickets: [ticket] }: { tickets: { id: number }[] }) => {
    if (!world.mayGive) return
    world.giving += 1
    const reply = await ask('POST', `/tickets/${ticket?.id}/cancel`, {}, newKey())
    world.giving -= 1
    if (reply?.status === 200) counters.add('tickets cancelled')
  }

  const buy = async (order: NonNullable<Awaited<ReturnType<typeof hold>>>) => {
    const card = chance(0.15) ? 'tok_card_declined' : chance(0.25) ? 'tok_async' : 'tok_ok'
    const done =
      (await pay(order.id, card)) ||
      (card === 'tok_card_declined' && (isScarce() || chance(0.5)) && (await pay(order.id, 'tok_ok')))
    if (!done) return
    counters.add('orders paid')
    if (chance(0.06)) await pause(THINK_MS).then(() => give(order))
    else world.paid.push({ cancel: () => give(order) })
  }

  return async (): Promise<void> => {
    await pause(ARRIVAL_MS)
    while (!world.isOver) {
      const order = await hold()
      if (!order) {
        // Who waits long for an answer does not ask again at once.
        await pause(Math.max(LOST_MS, last_ms * 2))
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
