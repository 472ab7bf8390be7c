import { setTimeout as sleep } from 'node:timers/promises'

import type { Counters } from '../lib/counters.ts'
import type { Reply } from '../lib/http.ts'
import type { Cinema, Person } from './cinema.ts'

/** What everybody in the storm sees: the seat map, a moment old, and whether it is over. */
export type World = {
  session_id: number
  seat_ids: number[]
  /** Another session of the cinema, which nobody wants who has not been to the storm. */
  quiet: { id: number; seat_ids: number[] }
  taken: Set<number>
  isOver: boolean
  /** How long a hold lasts. */
  hold_ms: number
  /** Towards the end nobody gives tickets back any more, or the hall would never be full. */
  mayGive: boolean
  giving: number
  counters: Counters
  unexpected: string[]
  waits_ms: number[]
  /** Orders that were paid, with whoever can cancel or exchange them. */
  paid: { cancel: () => Promise<void>; exchange: () => Promise<void> }[]
}

const LOSERS = new Set([
  'tickets.seats_taken',
  'orders.hold_expired',
  'orders.payment_in_progress',
  'orders.already_paid',
  'tickets.expired',
  'idempotency.in_progress',
  'orders.price_changed',
])
const BUSY_TRIES = 20
const TWICE = 0.15

let keys = 0
export const newKey = () => {
  keys += 1
  return { 'idempotency-key': `storm-${process.pid}-${keys}` }
}

/** Counts what may happen to an honest buyer, and writes down what may not. */
const sort = ({ counters, unexpected }: World, method: string, path: string, reply: Reply): Reply => {
  const { status, body } = reply
  if (status < 300) return reply
  if (status === 402) counters.add('declined')
  else if (status === 409 && LOSERS.has(body.code)) counters.add(`409 ${body.code}`)
  else if (status === 422 && body.code === 'orders.too_many_seats') counters.add('422 too many seats')
  else unexpected.push(`${method} ${path}: ${status} ${JSON.stringify(body)}`)
  return reply
}

/** Sends one person's requests and judges the answers. */
export const createAsker = (cinema: Cinema, world: World, who: number, person: Person) => {
  const { counters, unexpected } = world
  let last_ms = 0

  /** Undefined when no answer came. A busy server is asked again when it says so. */
  const ask = async (
    method: string,
    path: string,
    body?: object,
    headers: Person = {},
    by: Person = person,
  ): Promise<Reply | undefined> => {
    for (let tries = 0; tries < BUSY_TRIES; tries += 1) {
      const reply = await cinema.call(who, by, method, path, body, headers).catch((error: Error) => {
        unexpected.push(`${method} ${path}: ${error.message}`)
      })
      if (!reply) return undefined
      counters.add('requests')
      world.waits_ms.push(reply.ms)
      last_ms = reply.ms
      if (reply.status !== 503) return sort(world, method, path, reply)
      counters.add('503')
      if (!Number(reply.headers['retry-after'])) unexpected.push(`${method} ${path}: 503 without Retry-After`)
      await sleep((Number(reply.headers['retry-after']) || 1) * 1000)
    }
    unexpected.push(`${method} ${path}: busy ${BUSY_TRIES} times`)
    return undefined
  }

  /** Some tap twice; the same key must then have one effect. */
  const perhapsTwice = async (send: (headers: Person) => Promise<Reply | undefined>, idOf: (reply: Reply) => unknown) => {
    const headers = newKey()
    if (Math.random() > TWICE) return send(headers)
    const [first, second] = await Promise.all([send(headers), send(headers)])
    if (first?.status === 201 && second?.status === 201) {
      counters.add('repeats')
      if (idOf(first) !== idOf(second))
        unexpected.push(`one key, two effects: ${String(idOf(first))} and ${String(idOf(second))}`)
    }
    return first?.status === 201 ? first : second
  }

  return { ask, perhapsTwice, lastWait: () => last_ms }
}
