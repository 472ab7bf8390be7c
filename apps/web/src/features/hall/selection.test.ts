import { expect, test, vi } from 'vitest'

import { createSelectionRunner, type SelectionCalls } from './selection-runner.ts'
import { chosenTypes, marksOf } from './selection.ts'
import type { Order } from './types.ts'

/** A refusal as the client throws it. */
const apiError = ({ code, status = 0, ...data }: { code: string; status?: number } & Record<string, unknown>) =>
  Object.assign(new Error(code), { name: 'ApiError', status, code, detail: code, errors: [], data })

const order = (seats: number[], status: Order['status'] = 'pending', types: Record<number, string> = {}) =>
  ({
    id: 5,
    status,
    tickets: seats.map((seat_id) => ({
      id: seat_id * 100,
      seat_id,
      session_id: 1,
      status: 'reserved',
      ticket_type: types[seat_id] ?? 'adult',
    })),
  }) as unknown as Order

/** A server that holds what it is asked for; `taken` seats are refused. */
const cinema = (taken: number[] = []) => {
  let held: number[] = []
  const calls = {
    hold: vi.fn<SelectionCalls['hold']>(async ({ seat_ids }) => {
      const lost = seat_ids.filter((id) => taken.includes(id))
      if (lost.length > 0) throw apiError({ status: 409, code: 'tickets.seats_taken', seat_ids: lost })
      held = [...held, ...seat_ids]
      return order(held)
    }),
    best: vi.fn<SelectionCalls['best']>(async () => order((held = [41, 42]))),
    release: vi.fn<SelectionCalls['release']>(async (ticket) => {
      held = held.filter((id) => id * 100 !== ticket)
      return order(held, held.length === 0 ? 'canceled' : 'pending')
    }),
    retype: vi.fn<SelectionCalls['retype']>(async (ticket, ticket_type) =>
      order(held, 'pending', { [ticket / 100]: ticket_type }),
    ),
  }
  let keys = 0
  return { calls, runner: createSelectionRunner(1, calls, () => `key-${++keys}`) }
}

const list = (runner: ReturnType<typeof cinema>['runner']) => {
  const { mine, marking, leaving } = marksOf(runner.state())
  return { mine: [...mine], marking: [...marking], leaving: [...leaving] }
}
const idle = (runner: ReturnType<typeof cinema>['runner']) =>
  vi.waitFor(() => expect(runner.state()).toMatchObject({ queue: [], busy: false }))

test('a seat is marked at once and mine when the server has said so', async () => {
  const { runner } = cinema()
  runner.tap([7])
  expect(list(runner)).toEqual({ mine: [], marking: [7], leaving: [] })
  await idle(runner)
  expect(list(runner)).toEqual({ mine: [7], marking: [], leaving: [] })
})

test('quick taps are worked off in their order, the later ones in the same order of seats', async () => {
  const { runner, calls } = cinema()
  runner.tap([7])
  runner.tap([8])
  runner.tap([7])
  await idle(runner)
  expect(calls.hold.mock.calls.map(([wanted]) => wanted)).toEqual([
    { order_id: undefined, seat_ids: [7], key: 'key-1', held: null },
    { order_id: 5, seat_ids: [8], key: 'key-2', held: expect.objectContaining({ id: 5 }) },
  ])
  expect(calls.release).toHaveBeenCalledWith(700)
  expect(list(runner).mine).toEqual([8])
})

test('a second tap on a seat that still waits in the queue takes it back without a word to the server', async () => {
  const { runner, calls } = cinema()
  runner.tap([7])
  runner.tap([8])
  runner.tap([8])
  await idle(runner)
  expect(calls.hold).toHaveBeenCalledOnce()
  expect(calls.release).not.toHaveBeenCalled()
})

test('who loses a race is told which seat is gone, and keeps the others', async () => {
  const { runner } = cinema([8])
  runner.tap([7])
  runner.tap([8])
  await idle(runner)
  expect(runner.state().notice).toEqual({ kind: 'taken', seat_ids: [8] })
  expect(list(runner)).toEqual({ mine: [7], marking: [], leaving: [] })
})

test('an eleventh seat is refused before anything is asked (R-110)', async () => {
  const { runner, calls } = cinema()
  for (let seat = 1; seat <= 11; seat++) runner.tap([seat])
  expect(runner.state().notice).toEqual({ kind: 'limit', limit: 10 })
  await idle(runner)
  expect(calls.hold).toHaveBeenCalledTimes(10)
})

test('the best seats come with one request', async () => {
  const { runner } = cinema()
  runner.best(2)
  await idle(runner)
  expect(list(runner).mine).toEqual([41, 42])
})

test('a lone seat left behind comes with the fix', async () => {
  const { runner, calls } = cinema()
  calls.hold.mockRejectedValueOnce(apiError({ status: 409, code: 'seats.lone_seat', seat_ids: [9], suggested_seat_ids: [8] }))
  runner.tap([7])
  await idle(runner)
  expect(runner.state().notice).toEqual({ kind: 'lone', wanted: [7], seat_ids: [9], suggested: [8] })
})

test('a hold that has run out names its seats, so that they can be taken again in one tap', async () => {
  const { runner, calls } = cinema()
  runner.tap([7])
  await idle(runner)
  calls.hold.mockRejectedValueOnce(apiError({ status: 409, code: 'orders.hold_expired' }))
  runner.tap([8])
  await idle(runner)
  expect(runner.state()).toMatchObject({ order: null, notice: { kind: 'expired', seat_ids: [7, 8] } })
})

test('a request that got lost is asked again with its own key', async () => {
  const { runner, calls } = cinema()
  calls.hold.mockRejectedValueOnce(apiError({ code: 'network.unreachable' }))
  runner.tap([7])
  await idle(runner)
  const { notice } = runner.state()
  if (notice?.kind !== 'offline') throw new Error('Nothing was said about the network.')
  runner.retry(notice.intent)
  await idle(runner)
  expect(calls.hold.mock.calls.map(([{ key }]) => key)).toEqual(['key-1', 'key-1'])
  expect(list(runner).mine).toEqual([7])
})

test('a session that was cancelled meanwhile closes the map with a reason', async () => {
  const { runner, calls } = cinema()
  calls.hold.mockRejectedValueOnce(apiError({ status: 409, code: 'sessions.cancelled' }))
  runner.tap([7])
  await idle(runner)
  expect(runner.state().notice).toEqual({ kind: 'closed', code: 'sessions.cancelled', released: false })
})

test('a cancelled session lets go of held seats, and says so however often it is told', async () => {
  const { runner } = cinema()
  runner.tap([7])
  await idle(runner)
  runner.close('sessions.cancelled')
  runner.close('sessions.cancelled')
  expect(runner.state()).toMatchObject({ order: null, notice: { kind: 'closed', code: 'sessions.cancelled', released: true } })
  expect(list(runner).mine).toEqual([])
})

test('a seat whose price has changed is not held; the new price of these seats is told', async () => {
  const { runner, calls } = cinema()
  calls.hold.mockRejectedValueOnce(apiError({ status: 409, code: 'orders.price_changed', amount_due: 260 }))
  runner.tap([7])
  await idle(runner)
  expect(runner.state().notice).toEqual({ kind: 'price', seat_ids: [7], amount: 260 })
})

test('giving the last seat back leaves no order', async () => {
  const { runner } = cinema()
  runner.tap([7])
  await idle(runner)
  runner.tap([7])
  await idle(runner)
  expect(runner.state().order).toBeNull()
})

test('after a reload the hold is the server’s', () => {
  const { runner } = cinema()
  runner.adopt(order([3, 4]))
  expect(list(runner).mine).toEqual([3, 4])
})

test('two quick taps beside a wall are one choice, though the first alone would leave a lone seat', async () => {
  const { runner, calls } = cinema()
  calls.hold.mockRejectedValueOnce(apiError({ status: 409, code: 'seats.lone_seat', seat_ids: [1], suggested_seat_ids: [] }))
  runner.tap([2])
  runner.tap([1])
  await idle(runner)
  expect(calls.hold.mock.calls.map(([wanted]) => wanted.seat_ids)).toEqual([[2], [2, 1]])
  expect(list(runner).mine).toEqual([2, 1])
})

test('a held seat is charged as another type at once on the screen, then by the server, and once for one choice', async () => {
  const { runner, calls } = cinema()
  runner.tap([7])
  await idle(runner)
  runner.retype(7, 'child')
  expect(chosenTypes(runner.state())).toEqual(new Map([[7, 'child']]))
  runner.retype(7, 'child')
  runner.retype(8, 'child')
  await idle(runner)
  expect(calls.retype.mock.calls).toEqual([[700, 'child']])
  expect(chosenTypes(runner.state())).toEqual(new Map([[7, 'child']]))
  expect(list(runner).mine).toEqual([7])
})
