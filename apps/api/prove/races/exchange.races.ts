import type { Holder } from '#platform/http/access.ts'
import type { Race } from './race.ts'
import type { Stage } from './stage.ts'

const ROUNDS = 60

/** A paid ticket, a dearer and a cheaper session of the same cinema, and how to exchange it for a seat of them. */
const scene = async ({ openSession, someone, paid, checkout }: Stage) => {
  const [here, dearer, cheaper] = [
    await openSession(),
    await openSession({ base_price_minor: 30_000 }),
    await openSession({ base_price_minor: 15_000 }),
  ]
  const buyer = await someone()
  const old = await paid(buyer, here.id, here.seat_ids.slice(0, 1))
  const [ticket_id = 0] = old.ticket_ids
  const to = async ({ id: session_id, seat_ids }: { id: number; seat_ids: number[] }, by: Holder = buyer) =>
    checkout.exchange.create(by, old.id, { session_id, tickets: [{ ticket_id, seat_id: seat_ids[0] ?? 0 }] }, undefined)
  return { dearer, cheaper, buyer, old, ticket_id, to }
}

/** What became of the old ticket, and how often it was given up. */
const fateOf = async ({ db }: Stage, ticket_id: number) => {
  const { status, order_id } = await db
    .selectFrom('tickets')
    .select(['status', 'order_id'])
    .where('id', '=', ticket_id)
    .executeTakeFirstOrThrow()
  const gone = await db.selectFrom('cancellations').select('id').where('order_id', '=', order_id).execute()
  return `${status} ${gone.length}`
}

/** Tickets for other tickets, while the old ones are used, given back or exchanged elsewhere. */
export const exchangeRaces: Race[] = [
  {
    name: 'an exchange against the door',
    rounds: ROUNDS,
    balance: { head: 'exchange', won: /exchange:ok/ },
    scene: async (stage) => {
      const { cheaper, ticket_id, to } = await scene(stage)
      const door = () => stage.checkout.changeTicket(stage.staff, ticket_id, { status: 'used' })
      return { rivals: { exchange: () => to(cheaper), door }, look: () => fateOf(stage, ticket_id) }
    },
    may: /^exchange:(ok door:tickets.(cancelled|not_paid) → cancelled 1|tickets.already_used door:ok → used 0) /,
    met: { 'exchange won': /exchange:ok/, 'door won': /door:ok/ },
  },
  {
    name: 'an exchange against a cancellation',
    rounds: ROUNDS,
    balance: { head: 'exchange', won: /exchange:ok/ },
    scene: async (stage) => {
      const { cheaper, ticket_id, to, buyer, old } = await scene(stage)
      const cancel = () => stage.checkout.cancelOrder(buyer, old.id, undefined, undefined)
      return { rivals: { exchange: () => to(cheaper), cancel }, look: () => fateOf(stage, ticket_id) }
    },
    may: /^exchange:(ok|tickets.(cancelled|not_paid)) cancel:ok → cancelled 1 /,
    met: { 'exchange won': /exchange:ok/, 'cancellation won': /exchange:tickets/ },
  },
  {
    name: 'two exchanges of the same ticket',
    rounds: ROUNDS,
    balance: { head: 'left', won: /left:ok/ },
    scene: async (stage) => {
      const { cheaper, dearer, ticket_id, to } = await scene(stage)
      const left = () => to(cheaper)
      const right = () => to(dearer)
      return { rivals: { left, right }, look: () => fateOf(stage, ticket_id) }
    },
    may: /^left:(ok right:(ok|tickets.(cancelled|not_paid)) → cancelled 1|orders.exchange_under_way right:ok → paid 0) /,
    met: { 'at once': /left:ok right:tickets/, 'held first': /left:orders/ },
  },
  {
    name: 'money for a dearer ticket against the cancellation of the old one',
    rounds: ROUNDS,
    balance: { head: 'settle', won: /→ paid/ },
    scene: async (stage) => {
      const { dearer, ticket_id, to, buyer, old } = await scene(stage)
      const { order } = await to(dearer)
      const { tell } = await stage.charged(buyer, order)
      const cancel = () => stage.checkout.cancelOrder(buyer, old.id, undefined, undefined)
      const look = async () =>
        `${await stage.orderStatus(order)}, refunds ${(await stage.refundReasons(order)).join()}, old ${await fateOf(stage, ticket_id)}`
      return { rivals: { settle: tell, cancel }, look }
    },
    may: /^settle:ok cancel:ok → (paid, refunds |expired, refunds seats_gone), old cancelled 1 /,
    met: { 'money won': /→ paid/, 'cancellation won': /→ expired/ },
  },
  {
    name: 'money for a dearer ticket against the deadline and another buyer',
    rounds: ROUNDS,
    balance: { head: 'settle', won: /→ paid/ },
    scene: async (stage) => {
      const { dearer, ticket_id, to, buyer } = await scene(stage)
      const { order } = await to(dearer)
      const { tell } = await stage.charged(buyer, order)
      await stage.dueIn(order, -1000)
      const other = await stage.someone()
      const reserve = () => stage.reserve(other, dearer.id, dearer.seat_ids.slice(0, 1))
      const look = async () => `${await stage.orderStatus(order)}, old ${await fateOf(stage, ticket_id)}`
      return { rivals: { settle: tell, reserve }, look }
    },
    may: /^settle:ok reserve:(ok → expired, old paid 0|tickets.seats_taken → paid, old cancelled 1) /,
    met: { 'money won': /→ paid/, 'take-over won': /→ expired/ },
  },
  {
    name: 'the link of a mail and its owner pay for the same exchange',
    rounds: ROUNDS,
    balance: { head: 'link', won: /\(link first/ },
    scene: async (stage) => {
      const { dearer, ticket_id, to, buyer, old } = await scene(stage)
      const { order } = await to(dearer, { kind: 'order_key', order_id: old.id })
      const key: Holder = { kind: 'order_key', order_id: order.id }
      const pay = (by: Holder) => () => stage.checkout.pay(by, order.id, { card_token: 'tok_ok', email: undefined }, undefined)
      const look = async () => {
        const paid = await stage.db
          .selectFrom('payments')
          .select('status')
          .where('order_id', '=', order.id)
          .where('provider', '<>', 'exchange')
          .execute()
        return `${await stage.orderStatus(order)}, ${paid.map(({ status }) => status).join()}, old ${await fateOf(stage, ticket_id)}`
      }
      return { rivals: { link: pay(key), owner: pay(buyer) }, look }
    },
    may: /^link:(ok owner:(ok|orders.already_paid)|orders.already_paid owner:ok) → paid, success, old cancelled 1 /,
    met: { 'link first': /\(link first/, 'owner first': /\(owner first/ },
  },
]
