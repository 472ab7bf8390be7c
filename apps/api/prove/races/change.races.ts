import { setTimeout as sleep } from 'node:timers/promises'

import { AppError } from '#platform/errors.ts'
import type { Race } from './race.ts'

const TAKEN = 'tickets.seats_taken'

/** Cancelling, changing seats, walking in and sweeping. */
export const changeRaces: Race[] = [
  {
    name: 'reserve against the cancellation of a paid order',
    rounds: 100,
    balance: { head: 'cancel', won: /reserve:ok/ },
    scene: async ({ seats, someone, reserve, paid, checkout }) => {
      const [{ session_id, seat_ids }, holder, buyer] = [await seats(2), await someone(), await someone()]
      const order = await paid(holder, session_id, seat_ids)
      const cancel = () => checkout.cancelOrder(holder, order.id, undefined, undefined)
      return { rivals: { reserve: () => reserve(buyer, session_id, seat_ids), cancel } }
    },
    may: /^reserve:(ok|tickets.seats_taken) cancel:ok /,
    met: { 'got the freed seats': /reserve:ok/, 'came too early': new RegExp(TAKEN) },
  },
  {
    name: 'cancelling an order against cancelling one of its tickets',
    rounds: 100,
    scene: async ({ seats, someone, paid, checkout, orderStatus, db }) => {
      const [{ session_id, seat_ids }, buyer] = [await seats(2), await someone()]
      const order = await paid(buyer, session_id, seat_ids)
      const [ticket = 0] = order.ticket_ids
      const look = async () => {
        const { total } = await db
          .selectFrom('refunds as r')
          .innerJoin('payments as p', 'p.id', 'r.payment_id')
          .select(({ fn }) => fn.sum<number>('r.amount_minor').as('total'))
          .where('p.order_id', '=', order.id)
          .executeTakeFirstOrThrow()
        return `${await orderStatus(order)}, ${total} given back`
      }
      return {
        rivals: {
          order: () => checkout.cancelOrder(buyer, order.id, undefined, undefined),
          ticket: () => checkout.cancelTicket(buyer, ticket, undefined, undefined),
        },
        look,
      }
    },
    may: /^order:ok ticket:ok → canceled, 40000 given back/,
    met: { 'order first': /\(order first/, 'ticket first': /\(ticket first/ },
  },
  {
    name: 'cancelling a ticket against its scan at the door',
    rounds: 100,
    balance: { head: 'cancel', won: /cancel:ok/ },
    scene: async ({ seats, someone, paid, checkout, staff }) => {
      const [{ session_id, seat_ids }, buyer] = [await seats(1), await someone()]
      const [ticket = 0] = (await paid(buyer, session_id, seat_ids)).ticket_ids
      return {
        rivals: {
          cancel: () => checkout.cancelTicket(buyer, ticket, undefined, undefined),
          scan: () => checkout.changeTicket(staff, ticket, { status: 'used' }),
        },
      }
    },
    may: /^cancel:(ok scan:tickets.cancelled|tickets.already_used scan:ok) /,
    met: { cancelled: /cancel:ok/, 'walked in': /scan:ok/ },
  },
  {
    name: 'two doors scan one ticket',
    rounds: 100,
    scene: async ({ seats, someone, paid, app, staff }) => {
      const [{ session_id, seat_ids }, buyer] = [await seats(1), await someone()]
      const [ticket = 0] = (await paid(buyer, session_id, seat_ids)).ticket_ids
      const { booking_reference } = await app.tickets.get(staff, ticket)
      const scan = (device: string) => async () => {
        const { result } = await app.tickets.checkIn(staff, { booking_reference, device, force: true, reason: 'race' })
        if (result !== 'ok') throw new AppError(409, result, '')
      }
      return { rivals: { left: scan('left'), right: scan('right') } }
    },
    may: /^(left:ok right:already_used|left:already_used right:ok) /,
    met: { left: /left:ok/, right: /right:ok/ },
  },
  {
    name: 'cancelling a hold at the deadline against take-over',
    rounds: 100,
    scene: async ({ seats, someone, reserve, dueIn, checkout }) => {
      const [{ session_id, seat_ids }, holder, buyer] = [await seats(2), await someone(), await someone()]
      const order = await reserve(holder, session_id, seat_ids)
      await dueIn(order, Math.random() * 40)
      const cancel = () => checkout.cancelOrder(holder, order.id, undefined, undefined)
      return { rivals: { cancel, reserve: () => sleep(Math.random() * 30).then(() => reserve(buyer, session_id, seat_ids)) } }
    },
    may: /^cancel:(ok|tickets.expired) reserve:(ok|tickets.seats_taken) /,
    met: { 'given back in time': /cancel:ok/, 'too late': /cancel:tickets.expired/, 'taken over': /reserve:ok/ },
  },
  {
    name: 'the cancellation of an order against that of its session',
    rounds: 100,
    balance: { head: 'cancel', won: /\(cancel first/ },
    scene: async ({ openSession, someone, reserve, cancelSession, checkout, db }) => {
      const [{ id, seat_ids }, buyer] = [await openSession(), await someone()]
      const order = await reserve(buyer, id, seat_ids.slice(0, 3))
      const cancel = () => checkout.cancelOrder(buyer, order.id, undefined, undefined)
      const look = async () =>
        `${(await db.selectFrom('seat_claims').select('seat_id').where('session_id', '=', id).execute()).length} claims`
      return { rivals: { cancel, close: () => cancelSession(id) }, look }
    },
    may: /^cancel:ok close:ok → 0 claims/,
    met: { 'order first': /\(cancel first/, 'session first': /\(close first/ },
  },
  {
    name: 'changing seats against reserve of the new and of the old seat',
    rounds: 100,
    balance: { head: 'move', won: /move:ok/ },
    scene: async ({ seats, someone, reserve, checkout }) => {
      const { session_id, seat_ids } = await seats(2)
      const [old = 0, wanted = 0] = Math.random() < 0.5 ? seat_ids : seat_ids.toReversed()
      const [mover, a, b] = [await someone(), await someone(), await someone()]
      const [ticket = 0] = (await reserve(mover, session_id, [old])).ticket_ids
      return {
        rivals: {
          move: () => checkout.changeTicket(mover, ticket, { seat_id: wanted }),
          new: () => reserve(a, session_id, [wanted]),
          old: () => sleep(Math.random() * 20).then(() => reserve(b, session_id, [old])),
        },
      }
    },
    may: /^move:(ok new:tickets.seats_taken old:(ok|tickets.seats_taken)|tickets.seats_taken new:ok old:tickets.seats_taken) /,
    met: { moved: /move:ok/, 'new seat lost': /new:ok/, 'old seat taken': /old:ok/ },
  },
  {
    name: 'changing seats crosswise, and both to the same seat',
    rounds: 100,
    scene: async ({ seats, someone, reserve, checkout }) => {
      const { session_id, seat_ids } = await seats(3)
      const [left = 0, middle = 0, right = 0] = seat_ids
      const [a, b] = [await someone(), await someone()]
      const [first = 0] = (await reserve(a, session_id, [left])).ticket_ids
      const [second = 0] = (await reserve(b, session_id, [right])).ticket_ids
      const cross = Math.random() < 0.5
      return {
        rivals: {
          [cross ? 'x' : 'a']: () => checkout.changeTicket(a, first, { seat_id: cross ? right : middle }),
          [cross ? 'y' : 'b']: () => checkout.changeTicket(b, second, { seat_id: cross ? left : middle }),
        },
      }
    },
    may: /^(x:tickets.seats_taken y:tickets.seats_taken|a:ok b:tickets.seats_taken|a:tickets.seats_taken b:ok) /,
    met: { crosswise: /x:/, 'a got it': /a:ok/, 'b got it': /b:ok/ },
  },
  {
    name: 'changing seats against paying',
    rounds: 100,
    balance: { head: 'move', won: /move:ok/ },
    scene: async ({ seats, someone, reserve, pay, checkout }) => {
      const [{ session_id, seat_ids }, buyer] = [await seats(2), await someone()]
      const [old = 0, wanted = 0] = Math.random() < 0.5 ? seat_ids : seat_ids.toReversed()
      const order = await reserve(buyer, session_id, [old])
      const [ticket = 0] = order.ticket_ids
      return { rivals: { move: () => checkout.changeTicket(buyer, ticket, { seat_id: wanted }), pay: () => pay(buyer, order) } }
    },
    may: /^move:(ok|orders.(payment_in_progress|already_paid)) pay:ok /,
    met: { 'moved before': /move:ok/, 'paid before': /move:orders/ },
  },
  {
    name: 'the sweeper against itself and the cancellation of a session',
    rounds: 100,
    balance: { head: 'close', won: /\(close first/ },
    scene: async ({ openSession, someone, reserve, reserveBackwards, dueIn, cancelSession, checkout, db }) => {
      const { id, seat_ids } = await openSession()
      const tickets: number[] = []
      for (const first of [0, 2]) {
        const order = await reserveBackwards(await someone(), id, seat_ids.slice(first, first + 2))
        await dueIn(order, -1000)
        tickets.push(...order.ticket_ids)
      }
      await reserve(await someone(), id, seat_ids.slice(4, 6))
      const look = async () => {
        const swept = await db
          .selectFrom('ticket_events')
          .select('id')
          .where('ticket_id', 'in', tickets)
          .where('status', '=', 'expired')
          .execute()
        return `${swept.length} events`
      }
      return {
        rivals: { sweep: () => checkout.sweep.expire(), again: () => checkout.sweep.expire(), close: () => cancelSession(id) },
        look,
      }
    },
    may: /^sweep:ok again:ok close:ok → [0-4] events/,
    met: { 'swept first': /\((sweep|again) first/, 'session first': /\(close first/ },
  },
]
