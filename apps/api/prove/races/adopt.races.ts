import type { SignedIn } from '#platform/http/access.ts'
import type { Race } from './race.ts'
import type { Stage } from './stage.ts'

const PROOF = { isWeb: false }

/** A guest's order, and whoever is about to make it theirs. */
const createAdoption = async ({ seats, visitor, account, reserve, checkout, keyOf, db }: Stage, count = 2) => {
  const [{ session_id, seat_ids }, guest, person] = [await seats(count + 1), await visitor(), (await account()) as SignedIn]
  const order = await reserve(guest, session_id, seat_ids.slice(0, count))
  const adopt = () => checkout.adopt(person, PROOF, { order_key: keyOf(order.id) })
  const look = async () => {
    const { status, user_id } = await db
      .selectFrom('orders')
      .select(['status', 'user_id'])
      .where('id', '=', order.id)
      .executeTakeFirstOrThrow()
    const tickets = await db.selectFrom('tickets').select('user_id').where('order_id', '=', order.id).execute()
    const owners = new Set([user_id, ...tickets.map((ticket) => ticket.user_id)])
    const owner = owners.size > 1 ? 'several' : user_id === person.id ? 'the account' : 'another'
    return `${status}, ${tickets.length} tickets, of ${owner}`
  }
  /** What the ledger says of the order: adopted before or after it was paid or given back, it comes to the same. */
  const entries = async () => {
    const rows = await db
      .selectFrom('loyalty_entries')
      .select(['kind', 'points'])
      .where('order_id', '=', order.id)
      .orderBy('id')
      .execute()
    return rows.map(({ kind, points }) => `${kind} ${points}`).join()
  }
  return { guest, order, session_id, seat_ids, adopt, look, entries }
}

/** An order gets an owner while something happens to it. */
export const adoptRaces: Race[] = [
  {
    name: 'money that arrives against adoption',
    rounds: 120,
    balance: { head: 'settle', won: /\(settle first/ },
    scene: async (stage) => {
      const { guest, order, adopt, look, entries } = await createAdoption(stage)
      const { tell } = await stage.charged(guest, order)
      return { rivals: { settle: tell, adopt }, look: async () => `${await look()}, ${await entries()}` }
    },
    may: /^settle:ok adopt:ok → paid, 2 tickets, of the account, earned \d+ /,
    met: { 'settled first': /\(settle first/, 'adopted first': /\(adopt first/ },
  },
  {
    name: 'the guest’s own cancellation against adoption',
    rounds: 120,
    balance: { head: 'cancel', won: /cancel:ok/ },
    scene: async (stage) => {
      const { guest, order, adopt, look } = await createAdoption(stage)
      await stage.pay(guest, order)
      const cancel = () => stage.checkout.cancelOrder(guest, order.id, undefined, undefined)
      return { rivals: { cancel, adopt }, look }
    },
    may: /^cancel:(ok adopt:ok → canceled|orders.not_found adopt:ok → paid), 2 tickets, of the account /,
    met: { 'cancelled before': /cancel:ok/, 'came too late': /orders.not_found/ },
  },
  {
    name: 'adding a seat against adoption',
    rounds: 120,
    balance: { head: 'add', won: /add:ok/ },
    scene: async (stage) => {
      const { guest, order, session_id, seat_ids, adopt, look } = await createAdoption(stage)
      const add = () => stage.reserve(guest, session_id, seat_ids.slice(2), order.id)
      return { rivals: { add, adopt }, look }
    },
    may: /^add:(ok adopt:ok → pending, 3|orders.not_found adopt:ok → pending, 2) tickets, of the account /,
    met: { 'added before': /add:ok/, 'came too late': /orders.not_found/ },
  },
  {
    name: 'adoption by two at once',
    rounds: 80,
    scene: async (stage) => {
      const { order, adopt, look } = await createAdoption(stage)
      const other = (await stage.account()) as SignedIn
      const rival = () => stage.checkout.adopt(other, PROOF, { order_key: stage.keyOf(order.id) })
      return { rivals: { adopt, rival }, look }
    },
    may: /^adopt:(ok rival:guests.order_has_owner → pending, 2 tickets, of the account|guests.order_has_owner rival:ok → pending, 2 tickets, of another) /,
    met: { 'one won': /adopt:ok/, 'the other won': /rival:ok/ },
  },
  {
    name: 'a return of one ticket against adoption',
    rounds: 120,
    balance: { head: 'cancel', won: /cancel:ok/ },
    scene: async (stage) => {
      const { guest, order, adopt, look, entries } = await createAdoption(stage)
      await stage.pay(guest, order)
      const cancel = () => stage.checkout.cancelOrder(guest, order.id, { ticket_ids: order.ticket_ids.slice(0, 1) }, undefined)
      return { rivals: { cancel, adopt }, look: async () => `${await look()}, ${await entries()}` }
    },
    may: /^cancel:(ok adopt:ok → partially_refunded, 2 tickets, of the account, earned 12,reversed -6|orders.not_found adopt:ok → paid, 2 tickets, of the account, earned 12) /,
    met: { 'cancelled before': /cancel:ok/, 'came too late': /orders.not_found/ },
  },
]
