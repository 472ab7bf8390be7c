import { actorKey } from '#platform/http/access.ts'
import type { Race } from './race.ts'

const TAKEN = 'tickets.seats_taken'

/** Holding free seats, and taking over those whose hold has run out. */
export const reserveRaces: Race[] = [
  {
    name: 'reserve against reserve, the same seats sorted and reversed',
    rounds: 200,
    scene: async ({ seats, someone, reserve }) => {
      const [{ session_id, seat_ids }, a, b] = [await seats(3), await someone(), await someone()]
      return {
        rivals: {
          sorted: () => reserve(a, session_id, seat_ids),
          reversed: () => reserve(b, session_id, seat_ids.toReversed()),
        },
      }
    },
    may: /^sorted:(ok reversed:tickets.seats_taken|tickets.seats_taken reversed:ok) /,
    met: { 'sorted won': /sorted:ok/, 'reversed won': /reversed:ok/ },
  },
  {
    name: 'reserve against reserve, three groups that overlap in a ring',
    rounds: 150,
    scene: async ({ seats, someone, reserve }) => {
      const { session_id, seat_ids } = await seats(6)
      const [s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0] = seat_ids
      const [a, b, c] = [await someone(), await someone(), await someone()]
      return {
        rivals: {
          a: () => reserve(a, session_id, [s1, s2, s3]),
          b: () => reserve(b, session_id, [s5, s4, s3]),
          c: () => reserve(c, session_id, [s1, s6, s5]),
        },
      }
    },
    may: /^(?=(\S+ ){0,2}\w:ok )(?!.*:ok .*:ok )(\w:(ok|tickets.seats_taken) ){3}/,
    met: { 'a won': /a:ok/, 'b won': /b:ok/, 'c won': /c:ok/ },
  },
  {
    name: 'reserve against reserve under one key',
    rounds: 150,
    scene: async ({ seats, someone, checkout, db }) => {
      const [{ session_id, seat_ids }, buyer] = [await seats(2), await someone()]
      const key = `race-${seat_ids.join('-')}`
      const attempt = { actor: actorKey(buyer), key, method: 'POST', path: '/tickets', body_hash: key }
      const ask = () => checkout.reserve(buyer, { session_id, seat_ids }, attempt)
      const look = async () => {
        const made = await db
          .selectFrom('tickets')
          .select('id')
          .where('session_id', '=', session_id)
          .where('seat_id', 'in', seat_ids)
          .execute()
        return `${made.length} tickets`
      }
      return { rivals: { first: ask, again: ask }, look }
    },
    may: /^first:ok again:ok → 2 tickets/,
    met: { 'one was first': /\(first first/, 'the other was first': /\(again first/ },
  },
  {
    name: 'take-over of an expired hold against another take-over',
    rounds: 120,
    scene: async ({ seats, someone, reserve, reserveBackwards, dueIn }) => {
      const { session_id, seat_ids } = await seats(4)
      await dueIn(await reserveBackwards(await someone(), session_id, seat_ids.slice(1, 3)), -1000)
      const [a, b] = [await someone(), await someone()]
      return {
        rivals: {
          a: () => reserve(a, session_id, seat_ids.slice(0, 3)),
          b: () => reserve(b, session_id, seat_ids.slice(1).toReversed()),
        },
      }
    },
    may: /^a:(ok b:tickets.seats_taken|tickets.seats_taken b:ok) /,
    met: { 'a took over': /a:ok/, 'b took over': /b:ok/ },
  },
  {
    name: 'take-over against the sweeper',
    rounds: 120,
    balance: { head: 'sweep', won: /\(sweep first/ },
    scene: async ({ seats, someone, reserve, reserveBackwards, dueIn, claimsOf, checkout }) => {
      const { session_id, seat_ids } = await seats(2)
      await dueIn(await reserveBackwards(await someone(), session_id, seat_ids), -1000)
      const buyer = await someone()
      const look = async () => `${(await claimsOf(session_id, seat_ids)).length} seats`
      return { rivals: { reserve: () => reserve(buyer, session_id, seat_ids), sweep: () => checkout.sweep.expire() }, look }
    },
    may: /^reserve:ok sweep:ok → 2 seats/,
    met: { 'taken over first': /\(reserve first/, 'swept first': /\(sweep first/ },
  },
  {
    name: 'reserve against the cancellation of a hold',
    rounds: 120,
    balance: { head: 'cancel', won: /reserve:ok/ },
    scene: async ({ seats, someone, reserve, checkout }) => {
      const { session_id, seat_ids } = await seats(2)
      const [holder, buyer] = [await someone(), await someone()]
      const order = await reserve(holder, session_id, seat_ids)
      return {
        rivals: {
          reserve: () => reserve(buyer, session_id, seat_ids),
          cancel: () => checkout.cancelOrder(holder, order.id, undefined, undefined),
        },
      }
    },
    may: /^reserve:(ok|tickets.seats_taken) cancel:ok /,
    met: { 'got the freed seats': /reserve:ok/, 'came too early': new RegExp(TAKEN) },
  },
  {
    name: 'reserve against the cancellation of the session',
    rounds: 200,
    balance: { head: 'reserve', won: /reserve:ok/ },
    scene: async ({ openSession, someone, reserve, cancelSession, db }) => {
      const { id, seat_ids } = await openSession()
      const buyer = await someone()
      await reserve(await someone(), id, seat_ids.slice(3, 5))
      const look = async () =>
        `${(await db.selectFrom('seat_claims').select('seat_id').where('session_id', '=', id).execute()).length} claims`
      return { rivals: { reserve: () => reserve(buyer, id, seat_ids.slice(0, 3)), close: () => cancelSession(id) }, look }
    },
    may: /^reserve:(ok|sessions.cancelled) close:ok → 0 claims/,
    met: { 'reserved before': /reserve:ok/, refused: /sessions.cancelled/ },
  },
  {
    name: 'adding a seat to an order against reserve',
    rounds: 120,
    balance: { head: 'add', won: /add:ok/ },
    scene: async ({ seats, someone, reserve }) => {
      const { session_id, seat_ids } = await seats(4)
      const [a, b] = [await someone(), await someone()]
      const order = await reserve(a, session_id, seat_ids.slice(3))
      return {
        rivals: {
          add: () => reserve(a, session_id, seat_ids.slice(0, 3).toReversed(), order.id),
          reserve: () => reserve(b, session_id, seat_ids.slice(0, 3)),
        },
      }
    },
    may: /^add:(ok reserve:tickets.seats_taken|tickets.seats_taken reserve:ok) /,
    met: { added: /add:ok/, reserved: /reserve:ok/ },
  },
  {
    name: 'adding seats to an order against adding them to another, in opposite order',
    rounds: 120,
    scene: async ({ seats, someone, reserve }) => {
      const { session_id, seat_ids } = await seats(5)
      const [a, b] = [await someone(), await someone()]
      const first = await reserve(a, session_id, seat_ids.slice(0, 1))
      const second = await reserve(b, session_id, seat_ids.slice(4))
      const wanted = seat_ids.slice(1, 4)
      return {
        rivals: {
          a: () => reserve(a, session_id, wanted, first.id),
          b: () => reserve(b, session_id, wanted.toReversed(), second.id),
        },
      }
    },
    may: /^a:(ok b:tickets.seats_taken|tickets.seats_taken b:ok) /,
    met: { 'a won': /a:ok/, 'b won': /b:ok/ },
  },
  {
    name: 'adding a seat to an order against the cancellation of its session',
    rounds: 200,
    balance: { head: 'add', won: /add:ok/ },
    scene: async ({ seats, openSession, someone, reserve, cancelSession }) => {
      const [mine, other, buyer] = [await seats(1), await openSession(), await someone()]
      const order = await reserve(buyer, mine.session_id, mine.seat_ids)
      return {
        rivals: {
          add: () => reserve(buyer, other.id, other.seat_ids.slice(0, 2), order.id),
          close: () => cancelSession(other.id),
        },
      }
    },
    may: /^add:(ok|sessions.cancelled|sessions.changed) close:ok /,
    met: { 'added before': /add:ok/, refused: /add:sessions/ },
  },
]
