import type { Marks } from './seat-store.ts'
import type { Order } from './types.ts'

/** What the visitor asked for, in the order of the taps. `key` makes asking again harmless. */
export type Intent = { key: string } & (
  | { kind: 'add'; seat_ids: number[] }
  | { kind: 'remove'; seat_ids: number[] }
  | { kind: 'best'; count: number }
  | { kind: 'type'; seat_id: number; ticket_type: string }
)

/** What has to be said about the last thing that happened, with what its way on needs. */
export type Notice =
  | { kind: 'taken'; seat_ids: number[] }
  | { kind: 'lone'; wanted: number[]; seat_ids: number[]; suggested: number[] }
  | { kind: 'sofa' | 'companion'; seat_ids: number[] }
  | { kind: 'none_together'; count: number }
  | { kind: 'limit'; limit: number }
  | { kind: 'expired'; seat_ids: number[] }
  | { kind: 'paying' }
  | { kind: 'price'; seat_ids: number[]; amount: number }
  /** `released`: seats were held and are not any more. */
  | { kind: 'closed'; code: string; released: boolean }
  | { kind: 'offline'; intent: Intent }
  | { kind: 'failed'; code: string }

export type Selection = {
  session_id: number
  order: Order | null
  queue: Intent[]
  busy: boolean
  notice: Notice | null
  chosen: number | null
}

/** A refusal of the API, or that nothing was heard of it. */
export type Refusal = { code: string; data: Record<string, unknown> }
export const UNHEARD = 'network.unreachable'

export const SEAT_LIMIT = 10

export const emptySelection = (session_id: number): Selection => ({
  session_id,
  order: null,
  queue: [],
  busy: false,
  notice: null,
  chosen: null,
})

/** My seats of this session with the tickets that hold them. */
export const heldSeats = ({ order, session_id }: Pick<Selection, 'order' | 'session_id'>): Map<number, number> =>
  new Map(
    (order?.status === 'pending' ? order.tickets : [])
      .filter((ticket) => ticket.session_id === session_id && ticket.status === 'reserved')
      .map((ticket) => [ticket.seat_id, ticket.id]),
  )

/** As whom my held seats are charged; what was asked for and is on its way counts already. */
export const chosenTypes = ({ order, session_id, queue }: Selection): Map<number, string> => {
  const types = new Map(
    (order?.tickets ?? []).flatMap((ticket) =>
      ticket.session_id === session_id && ticket.status === 'reserved' ? [[ticket.seat_id, ticket.ticket_type]] : [],
    ),
  )
  for (const intent of queue) if (intent.kind === 'type') types.set(intent.seat_id, intent.ticket_type)
  return types
}

/** What my held seats cost: their price stays as it was when they were taken. */
export const heldPrices = ({ order, session_id }: Pick<Selection, 'order' | 'session_id'>): Map<number, number> =>
  new Map(
    (order?.tickets ?? []).flatMap((ticket) =>
      ticket.session_id === session_id && ticket.status === 'reserved' ? [[ticket.seat_id, ticket.final_price]] : [],
    ),
  )

/** My seats as they will be when the queue has been worked off. */
export const expectedSeats = (selection: Selection): Set<number> => {
  const seats = new Set(heldSeats(selection).keys())
  for (const intent of selection.queue) {
    if (intent.kind === 'add') for (const id of intent.seat_ids) seats.add(id)
    if (intent.kind === 'remove') for (const id of intent.seat_ids) seats.delete(id)
  }
  return seats
}

export const marksOf = (selection: Selection): Marks => {
  const held = new Set(heldSeats(selection).keys())
  const expected = expectedSeats(selection)
  return {
    mine: new Set([...held].filter((id) => expected.has(id))),
    marking: new Set([...expected].filter((id) => !held.has(id))),
    leaving: new Set([...held].filter((id) => !expected.has(id))),
  }
}

const same = (a: number[], b: number[]) => a.length === b.length && a.every((id) => b.includes(id))

const ticketsOf = ({ order, queue }: Selection) => {
  const held = order?.status === 'pending' ? order.tickets.filter(({ status }) => status === 'reserved').length : 0
  const change = (intent: Intent) => {
    if (intent.kind === 'best') return intent.count
    if (intent.kind === 'type') return 0
    return intent.kind === 'add' ? intent.seat_ids.length : -intent.seat_ids.length
  }
  return queue.reduce((sum, intent) => sum + change(intent), held)
}

const push = (selection: Selection, intent: Intent): Selection => ({
  ...selection,
  notice: null,
  queue: [...selection.queue, intent],
})

const beyondLimit = (selection: Selection, more: number): Selection | undefined =>
  ticketsOf(selection) + more > SEAT_LIMIT ? { ...selection, notice: { kind: 'limit', limit: SEAT_LIMIT } } : undefined

export const addSeats = (selection: Selection, seat_ids: number[], key: string): Selection => {
  const fresh = seat_ids.filter((id) => !expectedSeats(selection).has(id))
  if (fresh.length === 0) return selection
  return beyondLimit(selection, fresh.length) ?? push(selection, { kind: 'add', seat_ids: fresh, key })
}

export const removeSeats = (selection: Selection, seat_ids: number[], key: string): Selection => {
  const there = seat_ids.filter((id) => expectedSeats(selection).has(id))
  return there.length === 0 ? selection : push(selection, { kind: 'remove', seat_ids: there, key })
}

export const bestSeats = (selection: Selection, count: number, key: string): Selection =>
  beyondLimit(selection, count) ?? push(selection, { kind: 'best', count, key })

/** Only what is held has a type: a seat that is let go of needs none. */
export const changeType = (selection: Selection, seat_id: number, ticket_type: string, key: string): Selection =>
  heldSeats(selection).has(seat_id) && chosenTypes(selection).get(seat_id) !== ticket_type
    ? push(selection, { kind: 'type', seat_id, ticket_type, key })
    : selection

/** A tap takes seats or gives them back; a tap that undoes one still waiting in the queue leaves no trace. */
export const tapSeats = (selection: Selection, seat_ids: number[], key: string): Selection => {
  const expected = expectedSeats(selection)
  const taking = !seat_ids.every((id) => expected.has(id))
  const last = selection.queue.at(-1)
  const waiting = selection.queue.length > (selection.busy ? 1 : 0)
  const undoes = taking ? 'remove' : 'add'
  if (waiting && last && (last.kind === 'add' || last.kind === 'remove') && last.kind === undoes && same(last.seat_ids, seat_ids))
    return { ...selection, notice: null, queue: selection.queue.slice(0, -1) }
  return taking ? addSeats(selection, seat_ids, key) : removeSeats(selection, seat_ids, key)
}

export const started = (selection: Selection): Selection => ({ ...selection, busy: true })

export const settled = (selection: Selection, order: Order): Selection => {
  const next = { ...selection, order: order.status === 'pending' ? order : null, queue: selection.queue.slice(1), busy: false }
  if (selection.queue[0]?.kind !== 'best') return next
  const before = heldSeats(selection)
  return { ...next, chosen: [...heldSeats(next).keys()].find((id) => !before.has(id)) ?? null }
}

const ids = (value: unknown): number[] => (Array.isArray(value) ? value.filter((id) => typeof id === 'number') : [])

const LOST = new Set([
  'orders.hold_expired',
  'orders.not_pending',
  'orders.canceled',
  'orders.not_found',
  'orders.expired',
  'tickets.expired',
  'tickets.cancelled',
  'tickets.not_found',
])

const noticeOf = ({ order }: Selection, intent: Intent, { code, data }: Refusal): Notice => {
  const seats = intent.kind === 'add' || intent.kind === 'remove' ? intent.seat_ids : []
  const named = ids(data['seat_ids'])
  switch (code) {
    case UNHEARD:
      return { kind: 'offline', intent }
    case 'tickets.seats_taken':
      if (intent.kind === 'best') return { kind: 'none_together', count: intent.count }
      return { kind: 'taken', seat_ids: named.length > 0 ? named : seats }
    case 'seats.lone_seat':
      return { kind: 'lone', wanted: seats, seat_ids: named, suggested: ids(data['suggested_seat_ids']) }
    case 'seats.sofa_whole':
      return { kind: 'sofa', seat_ids: named }
    case 'seats.companion_alone':
      return { kind: 'companion', seat_ids: named }
    case 'orders.too_many_seats':
      return { kind: 'limit', limit: typeof data['limit'] === 'number' ? data['limit'] : SEAT_LIMIT }
    case 'orders.payment_in_progress':
      return { kind: 'paying' }
    case 'orders.price_changed':
      return { kind: 'price', seat_ids: seats, amount: Number(data['amount_due']) - (order?.total ?? 0) }
    default:
      if (code.startsWith('seats.') && intent.kind === 'best') return { kind: 'none_together', count: intent.count }
      return { kind: 'failed', code }
  }
}

/** The hold is over: what it held is remembered, so that it can be asked for again. */
export const expired = (selection: Selection): Selection => ({
  ...selection,
  order: null,
  queue: [],
  busy: false,
  notice: { kind: 'expired', seat_ids: [...expectedSeats(selection)] },
})

/** Nothing of this session can be had any more; a cancelled one lets go of what was held. It is said once. */
export const closed = (selection: Selection, code: string): Selection => {
  const gone = code === 'sessions.cancelled'
  const said = selection.notice?.kind === 'closed' ? selection.notice : undefined
  const released = gone && (said?.released === true || heldSeats(selection).size > 0)
  const order = gone ? null : selection.order
  return { ...selection, order, queue: [], busy: false, notice: { kind: 'closed', code, released } }
}

const closes = (code: string) => code.startsWith('sessions.') && code !== 'sessions.changed'

/** One seat alone was refused, but the next taps may make the choice whole: they are asked for together. */
const joined = ([first, second, ...rest]: Intent[]): Intent[] | undefined =>
  first?.kind === 'add' && second?.kind === 'add'
    ? [{ ...second, seat_ids: [...first.seat_ids, ...second.seat_ids] }, ...rest]
    : undefined

/** The first of the queue was refused. Whatever was tapped after it may rest on it and is dropped too. */
export const refused = (selection: Selection, refusal: Refusal): Selection => {
  const [intent] = selection.queue
  if (!intent) return { ...selection, busy: false }
  if (LOST.has(refusal.code)) return expired(selection)
  if (closes(refusal.code)) return closed(selection, refusal.code)
  const together = refusal.code === 'seats.lone_seat' ? joined(selection.queue) : undefined
  if (together) return { ...selection, queue: together, busy: false }
  return { ...selection, queue: [], busy: false, notice: noticeOf(selection, intent, refusal) }
}
