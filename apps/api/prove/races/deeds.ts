import { sql } from 'kysely'

import type { CheckoutService } from '#modules/checkout/service.ts'
import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { signWebhook } from '#modules/payments/providers/mock/signature.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Buyer } from '#platform/http/access.ts'
import type { TestApp } from '#testing/app.ts'

/** Where a guest's tickets go; an account may say it too. */
export const MAIL_TO = { email: 'racer@marquee.test' }

type Order = { id: number; session_id: number; ticket_ids: number[]; seat_ids: number[] }

/** What buyers do before a race starts. */
export const createBuying = (checkout: CheckoutService) => {
  const reserve = async (buyer: Buyer, session_id: number, seat_ids: number[], order_id?: number): Promise<Order> => {
    const { order } = await checkout.reserve(buyer, { session_id, seat_ids, ...(order_id ? { order_id } : {}) }, undefined)
    const its = order.tickets
    return { id: order.id, session_id, ticket_ids: its.map(({ id }) => id), seat_ids: its.map(({ seat_id }) => seat_id) }
  }

  /** Seat by seat from the last to the first, so that the rows lie in the opposite order of the locks. */
  const reserveBackwards = async (buyer: Buyer, session_id: number, seat_ids: number[]): Promise<Order> => {
    const [last = 0, ...others] = seat_ids.toReversed()
    let order = await reserve(buyer, session_id, [last])
    for (const seat of others) order = await reserve(buyer, session_id, [seat], order.id)
    return order
  }

  const pay = (buyer: Buyer, { id }: { id: number }, amount?: number) =>
    checkout.pay(buyer, id, { card_token: 'tok_ok', amount, ...MAIL_TO }, undefined)

  const paid = async (buyer: Buyer, session_id: number, seat_ids: number[]): Promise<Order> => {
    const order = await reserve(buyer, session_id, seat_ids)
    await pay(buyer, order)
    return order
  }

  return { reserve, reserveBackwards, pay, paid }
}

/** Money that the provider has taken. */
export const createCharging = ({ checkout, keys, pool }: Pick<TestApp, 'checkout' | 'keys' | 'pool'>) => {
  const ledger = createMockLedger({ pool })
  let told = 0
  /** The provider has taken the money and we have not heard of it; `tell` delivers the webhook. */
  return async (buyer: Buyer, order: { id: number }) => {
    const payment = await checkout.pay(buyer, order.id, MAIL_TO, undefined)
    const intent = await ledger.find(payment.id)
    const seen = await ledger.confirm(intent?.reference ?? '', 'tok_ok')
    const tell = async () => {
      told += 1
      const { reference, amount_minor, currency, status } = seen
      const data = { reference, payment_id: payment.id, amount_minor, currency, status }
      const body = JSON.stringify({
        id: `evt_race_${told}`,
        type: 'payment.succeeded',
        created: Math.floor(Date.now() / 1000),
        data,
      })
      await checkout.webhook(Buffer.from(body), { 'marquee-signature': signWebhook(keys.webhookSecrets, body, new Date()) })
    }
    return { payment_id: payment.id, tell }
  }
}

/** What happens to orders and sessions while nobody asks them. */
export const createFate = ({ db, checkout }: { db: Db; checkout: CheckoutService }) => {
  /** Moves an order's deadline with its holds; a negative number has passed. */
  const dueIn = async ({ id }: { id: number }, ms: number) => {
    await sql`
      with due as (
        update orders set expires_at = clock_timestamp() + make_interval(secs => ${ms / 1000}::float8) where id = ${id} returning id, expires_at
      )
      update seat_claims c set expires_at = due.expires_at from due where c.order_id = due.id and c.state = 'held'`.execute(db)
  }

  /** We took a payment for lost; the provider may still say that it succeeded. */
  const giveUpPayment = (payment_id: number) =>
    db.updateTable('payments').set({ status: 'canceled', client_secret: null }).where('id', '=', payment_id).execute()

  /** What the domain says about a cancelled session: its row first, then its holds in order. */
  const cancelSession = (session_id: number) =>
    db.transaction().execute(async (tx) => {
      await sql`select id from sessions where id = ${session_id} for update`.execute(tx)
      await sql`update sessions set status = 'cancelled', version = version + 1 where id = ${session_id}`.execute(tx)
      await sql`
        with doomed as materialized (
          select session_id, seat_id from seat_claims where session_id = ${session_id} and state = 'held' order by seat_id for update
        )
        delete from seat_claims c using doomed where c.session_id = doomed.session_id and c.seat_id = doomed.seat_id`.execute(tx)
    })

  /** The rest of a cancelled session, which is a job: orders that have lost their holds end. */
  const bury = async () => {
    await sql`
      update orders o set expires_at = least(o.expires_at, now()) from tickets t join sessions s on s.id = t.session_id
      where t.order_id = o.id and o.status = 'pending' and s.status = 'cancelled'`.execute(db)
    await sql`
      update seat_claims c set expires_at = o.expires_at from orders o
      where o.id = c.order_id and c.state = 'held' and o.status = 'pending' and o.expires_at <= now()`.execute(db)
    await checkout.sweep.expire()
  }

  return { dueIn, giveUpPayment, cancelSession, bury }
}

/** What there is to see afterwards. */
export const createSight = (db: Db) => {
  const orderStatus = async ({ id }: { id: number }) =>
    (await db.selectFrom('orders').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status

  /** Why money of this order was or will be given back. */
  const refundReasons = async ({ id }: { id: number }) => {
    const rows = await db
      .selectFrom('refunds as r')
      .innerJoin('payments as p', 'p.id', 'r.payment_id')
      .select(['r.reason', 'r.id'])
      .where('p.order_id', '=', id)
      .execute()
    return rows.map(({ reason }) => reason)
  }

  const claimsOf = (session_id: number, seat_ids: number[]) =>
    db
      .selectFrom('seat_claims')
      .select(['seat_id', 'state', 'order_id'])
      .where('session_id', '=', session_id)
      .where('seat_id', 'in', seat_ids)
      .execute()

  return { orderStatus, refundReasons, claimsOf }
}
