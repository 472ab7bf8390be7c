import { isApiError } from '@marquee/contract/client'

import type { Intent, Refusal, Selection } from './selection.ts'
import {
  addSeats,
  bestSeats,
  changeType,
  closed,
  emptySelection,
  expired,
  heldSeats,
  refused,
  removeSeats,
  settled,
  started,
  tapSeats,
} from './selection.ts'
import type { Order } from './types.ts'

/** The calls that a selection makes; each answers with the order as it is afterwards. `held` is the order so far. */
export type SelectionCalls = {
  hold: (wanted: { order_id: number | undefined; seat_ids: number[]; key: string; held: Order | null }) => Promise<Order>
  best: (wanted: { order_id: number | undefined; count: number; key: string }) => Promise<Order>
  release: (ticket_id: number) => Promise<Order>
  retype: (ticket_id: number, ticket_type: string) => Promise<Order>
}

const refusalOf = (error: unknown): Refusal =>
  isApiError(error) ? { code: error.code, data: error.data } : { code: 'server.error', data: {} }

/**
 * Works off the taps one after the other, in their order, and tells of every state in between. The marks are there
 * before the server has heard of them.
 */
export const createSelectionRunner = (
  session_id: number,
  calls: SelectionCalls,
  newKey: () => string = () => crypto.randomUUID(),
) => {
  let state = emptySelection(session_id)
  const listeners = new Set<() => void>()

  const put = (next: Selection) => {
    if (next === state) return
    state = next
    for (const listener of listeners) listener()
  }

  const release = async (seat_ids: number[]): Promise<Order> => {
    const held = heldSeats(state)
    let order = state.order
    for (const id of seat_ids) {
      const ticket = held.get(id)
      // One after the other: each answer is the order without the ticket before.
      if (ticket !== undefined) order = await calls.release(ticket)
    }
    if (!order) throw new Error('There is no order to take a seat out of.')
    return order
  }

  const retype = (seat_id: number, ticket_type: string): Promise<Order> => {
    const ticket = heldSeats(state).get(seat_id)
    if (ticket === undefined) throw new Error('There is no ticket for this seat.')
    return calls.retype(ticket, ticket_type)
  }

  const perform = (intent: Intent): Promise<Order> => {
    const order_id = state.order?.id
    if (intent.kind === 'add') {
      return calls.hold({ order_id, seat_ids: intent.seat_ids, key: intent.key, held: state.order ?? null })
    }
    if (intent.kind === 'best') return calls.best({ order_id, count: intent.count, key: intent.key })
    if (intent.kind === 'type') return retype(intent.seat_id, intent.ticket_type)
    return release(intent.seat_ids)
  }

  const run = async (): Promise<void> => {
    const [intent] = state.queue
    if (state.busy || !intent) return
    put(started(state))
    const outcome = await perform(intent).then(
      (order) => (current: Selection) => settled(current, order),
      (error: unknown) => (current: Selection) => refused(current, refusalOf(error)),
    )
    // The hold may have run out meanwhile; then this answer is about a queue that is gone.
    if (state.queue[0] === intent) put(outcome(state))
    await run()
  }

  const ask = (next: Selection) => {
    put(next)
    void run()
  }

  return {
    state: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tap: (seat_ids: number[]) => ask(tapSeats(state, seat_ids, newKey())),
    add: (seat_ids: number[]) => ask(addSeats(state, seat_ids, newKey())),
    remove: (seat_ids: number[]) => ask(removeSeats(state, seat_ids, newKey())),
    /** Charges a held seat as another type of ticket. */
    retype: (seat_id: number, ticket_type: string) => ask(changeType(state, seat_id, ticket_type, newKey())),
    best: (count: number) => ask(bestSeats(state, count, newKey())),
    /** The same request with the same key: what has happened already does not happen twice. */
    retry: (intent: Intent) => ask({ ...state, notice: null, queue: [...state.queue, intent] }),
    /** What the server knows of my hold, after a reload or from another window; nothing while taps are under way. */
    adopt: (order: Order | null) => {
      if (state.queue.length === 0) put({ ...state, order: order?.status === 'pending' ? order : null })
    },
    /** The deadline has passed. */
    expire: () => put(expired(state)),
    /** Nothing of this session can be had any more. */
    close: (code: string) => put(closed(state, code)),
    dismiss: () => put({ ...state, notice: null }),
  }
}
export type SelectionRunner = ReturnType<typeof createSelectionRunner>
