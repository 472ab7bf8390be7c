import { sql } from 'kysely'

import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { signWebhook } from '#modules/payments/providers/mock/signature.ts'
import type { Buyer } from '#platform/http/access.ts'
import { startTestApp } from '#testing/app.ts'

const GREAT_HALL = { rows: 40, seats_per_row: 25 }
const SMALL_HALL = { rows: 1, seats_per_row: 12 }
const PEOPLE_AT_ONCE = 500
const HOURS_BETWEEN_SESSIONS = 3

type Order = { id: number; session_id: number; ticket_ids: number[]; seat_ids: number[] }

/** A cinema for races: every round gets seats and people of its own, so that rounds may run side by side. */
export const createStage = async () => {
  const app = await startTestApp({ poolSize: 20 })
  const { db, checkout, given, keys, database } = app
  const ledger = createMockLedger({ pool: database.pool })
  const movie_id = (await given.movie({ duration_minutes: 90 })).id
  const great = await given.hall(GREAT_HALL)
  const small = await given.hall(SMALL_HALL)
  const staff: Buyer = { kind: 'user', role: 'manager', id: (await given.user({ role: 'manager' })).id, sign_in: 'door' }

  let opened = 0
  /** A session of twelve seats for one round alone. */
  const openSession = ({
    base_price_minor = 20_000,
    hall_id = small.id,
  }: { base_price_minor?: number; hall_id?: number } = {}) => {
    opened += 1
    const starts_in_minutes = 24 * 60 + opened * HOURS_BETWEEN_SESSIONS * 60
    return given.session({ hall_id, movie_id, starts_in_minutes, duration_minutes: 90, base_price_minor })
  }

  let current: Promise<{ id: number; free: number[] }> | undefined
  /** Seats that nobody has touched, in the order of their ids, all of one session. */
  const seats = async (count: number): Promise<{ session_id: number; seat_ids: number[] }> => {
    current ??= openSession({ hall_id: great.id }).then(({ id, seat_ids }) => ({ id, free: [...seat_ids] }))
    const session = await current
    if (session.free.length < count) {
      current = undefined
      return seats(count)
    }
    return { session_id: session.id, seat_ids: session.free.splice(0, count) }
  }

  const waiting: Buyer[] = []
  let arriving: Promise<void> | undefined
  const bringPeople = async () => {
    const { rows } = await sql<{ id: number }>`
      insert into users (email, username, hashed_password)
      select name || '@marquee.test', name, '!' from (
        select 'racer-' || n || '-' || (select count(*) from users) as name from generate_series(1, ${PEOPLE_AT_ONCE}) as n) as names
      returning id`.execute(db)
    waiting.push(...rows.map(({ id }): Buyer => ({ kind: 'user', id, role: 'customer', sign_in: 'race' })))
    arriving = undefined
  }
  /** Somebody who has never been here. */
  const someone = async (): Promise<Buyer> => {
    while (waiting.length === 0) await (arriving ??= bringPeople())
    return waiting.pop() as Buyer
  }

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
    checkout.pay(buyer, id, { card_token: 'tok_ok', amount }, undefined)

  const paid = async (buyer: Buyer, session_id: number, seat_ids: number[]): Promise<Order> => {
    const order = await reserve(buyer, session_id, seat_ids)
    await pay(buyer, order)
    return order
  }

  let told = 0
  /** The provider has taken the money and we have not heard of it; `tell` delivers the webhook. */
  const charged = async (buyer: Buyer, order: { id: number }) => {
    const payment = await checkout.pay(buyer, order.id, {}, undefined)
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

  return {
    app,
    db,
    checkout,
    staff,
    openSession,
    seats,
    someone,
    reserve,
    reserveBackwards,
    pay,
    paid,
    charged,
    giveUpPayment,
    dueIn,
    cancelSession,
    bury,
    orderStatus,
    refundReasons,
    claimsOf,
  }
}
export type Stage = Awaited<ReturnType<typeof createStage>>
