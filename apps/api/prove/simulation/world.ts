import { createFaults } from '#modules/payments/providers/mock/faults.ts'
import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { buildMockProviderServer } from '#modules/payments/providers/mock/server.ts'
import { SIGNATURE_HEADER, signWebhook } from '#modules/payments/providers/mock/signature.ts'
import { type Client, type Reply, startTestApp } from '#testing/app.ts'
import { openTestDatabase } from '#testing/database.ts'
import { compareBooks } from '../lib/books.ts'
import { type Counters, createCounters } from '../lib/counters.ts'
import type { Fault } from './bank.model.ts'
import type { Seen } from './compare.ts'
import { createModel, LENGTH_MINUTES, MINUTE, type Model } from './model.ts'

/** A Monday morning in Kyiv. Every run begins then. */
const MORNING = new Date('2027-03-01T08:00:00Z')
const HALLS = [
  { seats: 5, starts_in_minutes: 100, price: 20_000 },
  { seats: 5, starts_in_minutes: 26 * 60, price: 15_050 },
  { seats: 3, starts_in_minutes: 50 * 60, price: 33_333 },
]
const BUYERS = 3
const HASTE_MS = 2
const A_LONG_TIME = 100 * 86_400

type Job = { id: string; name: string; data: never }
type Told = { id: number; event_id: string; payment_id: number; body: string }

/** The provider, as a server of its own with its own books, that misbehaves when it is told to. */
const openBank = async () => {
  const database = await openTestDatabase(4)
  const faults = createFaults()
  const ledger = createMockLedger({ pool: database.pool, slow_ms: 0, async_ms: 0 })
  const server = buildMockProviderServer({ ledger, faults })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    ledger,
    /** While the work lasts, every call of this kind goes wrong. */
    during: async <T>(fault: Fault | undefined, work: () => Promise<T>): Promise<{ result: T; struck: number }> => {
      const operations = fault?.operation === 'charge' ? (['charge', 'confirm'] as const) : fault ? [fault.operation] : []
      for (const operation of operations)
        faults.order({ kind: fault?.kind ?? 'reset', operation, count: Number.MAX_SAFE_INTEGER, ms: HASTE_MS })
      const result = await work()
      const struck = Object.values(faults.report().struck).reduce((sum, count) => sum + count, 0)
      faults.clear()
      return { result, struck }
    },
    /** What it has not told us yet, or has been told to tell again. */
    untold: async (): Promise<Told[]> =>
      (
        await database.pool.query<Told>(
          `select id::float8 as id, event_id, (body::json #>> '{data,payment_id}')::float8 as payment_id, body
           from mock_provider.webhooks where sent_at is null order by id`,
        )
      ).rows,
    forget: () => database.pool.query('truncate mock_provider.intents cascade'),
    forgetTold: (id: number) => ledger.outbox.markSent(id),
    close: async () => {
      await server.close()
      await database.close()
    },
  }
}

const SNAPSHOT = `select json_build_object(
  'orders', (select coalesce(json_agg(json_build_object('id', id, 'status', status, 'total', total_minor,
    'expires', round(extract(epoch from expires_at) * 1000)) order by id), '[]') from orders where id > $1),
  'tickets', (select coalesce(json_agg(json_build_object('id', id, 'order', order_id, 'session', session_id, 'seat', seat_id, 'status', status,
    'price', final_price_minor) order by id), '[]') from tickets where order_id > $1),
  'claims', (select coalesce(json_agg(json_build_object('session', session_id, 'seat', seat_id, 'state', state, 'order', order_id,
    'ticket', ticket_id) order by session_id, seat_id), '[]') from seat_claims where session_id = any($2)),
  'payments', (select coalesce(json_agg(json_build_object('id', id, 'order', order_id, 'status', status, 'amount', amount_minor,
    'refunds', (select coalesce(json_agg(json_build_object('id', r.id, 'amount', r.amount_minor, 'status', r.status) order by r.id), '[]')
      from refunds r where r.payment_id = p.id)) order by id), '[]') from payments p where order_id > $1),
  'sessions', (select json_agg(json_build_object('id', id, 'status', status) order by id) from sessions where id = any($2))
) as seen`

/** A real server on a real PostgreSQL, a clock that we turn, and a provider that does what we say. */
export const openWorld = async () => {
  const bank = await openBank()
  const app = await startTestApp({
    config: { MOCK_PROVIDER_URL: bank.url, SEAT_RULES: false, ACCESS_TOKEN_SECONDS: A_LONG_TIME },
  })
  const { pool, given, clock, keys } = app
  clock.set(MORNING)
  const counters: Counters = createCounters()
  const { id: movie_id } = await given.movie({ duration_minutes: LENGTH_MINUTES })
  const people: Client[] = await Promise.all([app.someone(), app.someone(), app.guest()])
  const manager = await app.someone('manager')
  const cashier = await app.someone('cashier')
  let since = 0
  let names = 0

  const jobs = async (): Promise<Job[]> =>
    (
      await pool.query<Job>(
        `select id::text as id, name, data from pgboss.job where state in ('created', 'retry') and name <> 'dead_letters' order by created_on, id`,
      )
    ).rows
  const handlers: Record<string, (data: never, id: string) => Promise<unknown>> = {
    'payments.refund': app.checkout.refund,
    'mail.order': app.checkout.orderMail,
    'sessions.cancel': ({ session_id }: { session_id: number }) => app.checkout.cancelledSessions.run(session_id),
  }

  return {
    app,
    bank,
    clock,
    counters,
    manager,
    cashier,
    buyer: (index: number): Client => people[index % BUYERS] as Client,
    /** A name that no request had before. */
    key: (): { 'idempotency-key': string } => {
      names += 1
      return { 'idempotency-key': `step-${process.pid}-${names}` }
    },
    sweep: app.checkout.sweep,
    resume: app.checkout.cancelledSessions.resume,
    jobs,
    /** Does a job as a worker does. One that fails stays in the queue. */
    work: async ({ id, name, data }: Job): Promise<boolean> => {
      const isDone = await (handlers[name] as (typeof handlers)[string])(data, id).then(
        () => true,
        () => false,
      )
      if (isDone) await pool.query(`update pgboss.job set state = 'completed', completed_on = now() where id = $1`, [id])
      return isDone
    },
    tell: ({ body }: Pick<Told, 'body'>): Promise<Reply> =>
      app.anonymous.post('/api/v1/payments/webhook', body, {
        'content-type': 'application/json',
        [SIGNATURE_HEADER]: signWebhook(keys.webhookSecrets, body, clock.now()),
      }),
    snapshot: async (model: Model): Promise<Seen> => {
      const values = [since, model.sessions.map(({ id }) => id)]
      return (await pool.query<{ seen: Seen }>(SNAPSHOT, values)).rows[0]?.seen as Seen
    },
    books: () => compareBooks(pool, (after, limit) => bank.ledger.journal(after, limit)),
    /** A new cinema with new sessions, the same morning. */
    begin: async (): Promise<Model> => {
      clock.set(MORNING)
      const model = createModel(MORNING.getTime())
      const { id: cinema_id } = await given.cinema()
      for (const { seats, starts_in_minutes, price } of HALLS) {
        const { id: hall_id } = await given.hall({ cinema_id, rows: 1, seats_per_row: seats })
        const wish = { hall_id, movie_id, starts_in_minutes, duration_minutes: LENGTH_MINUTES, base_price_minor: price }
        const { id, seat_ids } = await given.session(wish)
        model.sessions.push({ id, starts: model.now + starts_in_minutes * MINUTE, status: 'scheduled', price, seats: seat_ids })
      }
      since = (await pool.query<{ id: number }>('select coalesce(max(id), 0) as id from orders')).rows[0]?.id ?? 0
      return model
    },
    /** A life that failed leaves nothing behind that could trouble the next one. */
    forget: async (): Promise<void> => {
      // Some rows may only ever be added; here the whole world goes.
      await pool.query(`set local session_replication_role = replica;
        truncate orders, sessions, seat_claims, webhook_events, idempotency_keys, mail_log, pgboss.job, loyalty_accounts, promotions, receipt_series cascade`)
      await bank.forget()
    },
    close: () => bank.close(),
  }
}
export type World = Awaited<ReturnType<typeof openWorld>>
