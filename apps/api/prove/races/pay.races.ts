import { MAIL_TO } from './deeds.ts'
import type { Race } from './race.ts'

const GONE = /refunds seats_gone/

/** Money on its way while the seats, the session or the order change hands. */
export const payRaces: Race[] = [
  {
    name: 'late money against take-over',
    rounds: 100,
    balance: { head: 'settle', won: /→ paid/ },
    scene: async ({ seats, someone, reserve, reserveBackwards, charged, dueIn, orderStatus, refundReasons }) => {
      const [{ session_id, seat_ids }, late, buyer] = [await seats(2), await someone(), await someone()]
      const order = await reserveBackwards(late, session_id, seat_ids)
      const { tell } = await charged(late, order)
      await dueIn(order, -1000)
      const look = async () => `${await orderStatus(order)}, refunds ${(await refundReasons(order)).join()}`
      return { rivals: { reserve: () => reserve(buyer, session_id, seat_ids), settle: tell }, look }
    },
    may: /^reserve:(ok settle:ok → expired, refunds seats_gone|tickets.seats_taken settle:ok → paid, refunds ) /,
    met: { 'money won': /paid/, 'take-over won': GONE },
  },
  {
    name: 'the provider’s last word against take-over and the sweeper',
    rounds: 100,
    balance: { head: 'settle', won: /→ paid/ },
    scene: async ({ seats, someone, reserve, charged, dueIn, orderStatus, refundReasons, giveUpPayment, checkout }) => {
      const [{ session_id, seat_ids }, late, buyer] = [await seats(2), await someone(), await someone()]
      const order = await reserve(late, session_id, seat_ids)
      const { tell, payment_id } = await charged(late, order)
      await giveUpPayment(payment_id)
      await dueIn(order, -1000)
      const look = async () => `${await orderStatus(order)}, refunds ${(await refundReasons(order)).join()}`
      return {
        rivals: { reserve: () => reserve(buyer, session_id, seat_ids), settle: tell, sweep: () => checkout.sweep.expire() },
        look,
      }
    },
    may: /^reserve:(ok settle:ok sweep:ok → expired, refunds seats_gone|tickets.seats_taken settle:ok sweep:ok → paid, refunds ) /,
    met: { 'money won': /paid/, 'take-over won': GONE },
  },
  {
    name: 'the same success told twice and asked about',
    rounds: 100,
    balance: { head: 'buyer', won: /\(buyer first/ },
    scene: async ({ seats, someone, reserve, charged, orderStatus, checkout, db }) => {
      const [{ session_id, seat_ids }, buyer] = [await seats(2), await someone()]
      const order = await reserve(buyer, session_id, seat_ids)
      const { tell } = await charged(buyer, order)
      const look = async () => {
        const paid = await db
          .selectFrom('ticket_events')
          .select('id')
          .where('ticket_id', 'in', order.ticket_ids)
          .where('status', '=', 'paid')
          .execute()
        return `${await orderStatus(order)}, ${paid.length} events`
      }
      const comeBack = () => checkout.pay(buyer, order.id, { card_token: 'tok_ok' }, undefined)
      return { rivals: { webhook: tell, another: tell, buyer: comeBack }, look }
    },
    may: /^webhook:ok another:ok buyer:(ok|orders.already_paid) → paid, 2 events/,
    met: { 'webhook first': /\((webhook|another) first/, 'buyer first': /\(buyer first/ },
  },
  {
    name: 'settling against the cancellation of the session',
    rounds: 100,
    balance: { head: 'settle', won: /→ paid/ },
    scene: async ({ openSession, someone, reserve, charged, cancelSession, orderStatus, refundReasons }) => {
      const [{ id, seat_ids }, buyer] = [await openSession(), await someone()]
      const order = await reserve(buyer, id, seat_ids.slice(0, 2))
      const { tell } = await charged(buyer, order)
      const look = async () => `${await orderStatus(order)}, refunds ${(await refundReasons(order)).join()}`
      return { rivals: { settle: tell, close: () => cancelSession(id) }, look }
    },
    may: /^settle:ok close:ok → (paid, refunds |expired, refunds seats_gone) /,
    met: { 'paid before': /paid/, 'given back': GONE },
  },
  {
    name: 'settling against the cancellation of the order',
    rounds: 100,
    balance: { head: 'cancel', won: /\(cancel first/ },
    scene: async ({ seats, someone, reserve, charged, checkout, orderStatus, refundReasons }) => {
      const [{ session_id, seat_ids }, buyer] = [await seats(2), await someone()]
      const order = await reserve(buyer, session_id, seat_ids)
      const { tell } = await charged(buyer, order)
      const look = async () => `${await orderStatus(order)}, refunds ${(await refundReasons(order)).join()}`
      return { rivals: { settle: tell, cancel: () => checkout.cancelOrder(buyer, order.id, undefined, undefined) }, look }
    },
    may: /^settle:ok cancel:ok → canceled, refunds cancelled /,
    met: { 'settled first': /\(settle first/, 'canceled first': /\(cancel first/ },
  },
  {
    name: 'starting to pay at the deadline against take-over',
    rounds: 100,
    scene: async ({ seats, someone, reserve, dueIn, checkout }) => {
      const [{ session_id, seat_ids }, holder, buyer] = [await seats(2), await someone(), await someone()]
      const order = await reserve(holder, session_id, seat_ids)
      await dueIn(order, Math.random() * 12)
      return {
        rivals: {
          pay: () => checkout.pay(holder, order.id, MAIL_TO, undefined),
          reserve: () => reserve(buyer, session_id, seat_ids),
        },
      }
    },
    may: /^pay:(ok reserve:tickets.seats_taken|orders.hold_expired reserve:(ok|tickets.seats_taken)) /,
    met: { 'kept by paying': /pay:ok/, 'taken over': /reserve:ok/ },
  },
  {
    name: 'starting to pay at the deadline against the sweeper',
    rounds: 100,
    scene: async ({ seats, someone, reserve, dueIn, checkout, orderStatus }) => {
      const [{ session_id, seat_ids }, holder] = [await seats(2), await someone()]
      const order = await reserve(holder, session_id, seat_ids)
      await dueIn(order, Math.random() * 12)
      const rivals = { pay: () => checkout.pay(holder, order.id, MAIL_TO, undefined), sweep: () => checkout.sweep.expire() }
      return { rivals, look: () => orderStatus(order) }
    },
    may: /^pay:(ok sweep:ok → pending|orders.hold_expired sweep:ok → (pending|expired)) /,
    met: { 'kept by paying': /pay:ok/, swept: /→ expired/ },
  },
  {
    name: 'extending at the deadline against take-over',
    rounds: 100,
    scene: async ({ seats, someone, reserve, dueIn, checkout }) => {
      const [{ session_id, seat_ids }, holder, buyer] = [await seats(2), await someone(), await someone()]
      const order = await reserve(holder, session_id, seat_ids)
      await dueIn(order, Math.random() * 12)
      return {
        rivals: {
          extend: () => checkout.extend(holder, order.id, undefined),
          reserve: () => reserve(buyer, session_id, seat_ids),
        },
      }
    },
    may: /^extend:(ok reserve:tickets.seats_taken|orders.hold_expired reserve:(ok|tickets.seats_taken)) /,
    met: { 'kept by extending': /extend:ok/, 'taken over': /reserve:ok/ },
  },
  {
    name: 'paying an order against adding a seat to it',
    rounds: 100,
    balance: { head: 'add', won: /add:ok/ },
    scene: async ({ seats, someone, reserve, pay }) => {
      const [{ session_id, seat_ids }, buyer] = [await seats(2), await someone()]
      const order = await reserve(buyer, session_id, seat_ids.slice(0, 1))
      return { rivals: { pay: () => pay(buyer, order, 200), add: () => reserve(buyer, session_id, seat_ids.slice(1), order.id) } }
    },
    may: /^pay:(ok add:orders.(payment_in_progress|already_paid)|orders.price_changed add:ok) /,
    met: { 'paid before': /pay:ok/, 'added before': /add:ok/ },
  },
  {
    name: 'a free order being paid against the cancellation of its session',
    rounds: 100,
    balance: { head: 'pay', won: /→ paid/ },
    scene: async ({ openSession, someone, reserve, cancelSession, checkout, orderStatus }) => {
      const [{ id, seat_ids }, buyer] = [await openSession({ base_price_minor: 0 }), await someone()]
      const order = await reserve(buyer, id, seat_ids.slice(0, 3))
      const rivals = { pay: () => checkout.pay(buyer, order.id, MAIL_TO, undefined), close: () => cancelSession(id) }
      return { rivals, look: () => orderStatus(order) }
    },
    may: /^pay:(ok close:ok → (paid|expired)|(orders.hold_expired|sessions.cancelled) close:ok → pending) /,
    met: { 'paid before': /pay:ok/, refused: /pay:(orders|sessions)/ },
  },
]
