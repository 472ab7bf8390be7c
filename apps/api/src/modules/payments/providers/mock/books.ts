import { randomBytes } from 'node:crypto'

import type { ProviderPayment } from '../provider.ts'
import type { Client } from './database.ts'
import type { JournalLine } from './schemas.ts'

type Queryable = Pick<Client, 'query'>

export type IntentRow = Omit<ProviderPayment, 'redirect_url'> & {
  idempotency_key: string
  client_secret: string
  card_token: string | null
  captured_minor: number
  /** The bank's decision is due and nobody has written it down yet. */
  is_due: boolean
}

type IntentChange = {
  status: ProviderPayment['status']
  failure_code?: string | undefined
  card_token?: string | undefined
  captured_minor?: number | undefined
  settles_in_ms?: number | undefined
}

const INTENT = `id as reference, idempotency_key, payment_id::float8 as payment_id, status, amount_minor::float8 as amount_minor, currency,
  captured_minor::float8 as captured_minor, refunded_minor::float8 as refunded_minor, failure_code, client_secret, card_token,
  coalesce(settles_at <= clock_timestamp(), false) as is_due`

export const newId = (prefix: string) => `${prefix}_${randomBytes(12).toString('hex')}`

const selectIntents = async (db: Queryable, rest: string, values: unknown[]) =>
  (await db.query<IntentRow>(`select ${INTENT} from mock_provider.intents ${rest}`, values)).rows

/** Null when the key is taken. */
export const insertIntent = async (
  db: Queryable,
  intent: { idempotency_key: string; payment_id: number; amount_minor: number; currency: string },
): Promise<IntentRow | null> => {
  const id = newId('pi')
  const { rows } = await db.query<IntentRow>(
    `insert into mock_provider.intents (id, idempotency_key, payment_id, amount_minor, currency, client_secret)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning ${INTENT}`,
    [id, intent.idempotency_key, intent.payment_id, intent.amount_minor, intent.currency, newId(`${id}_secret`)],
  )
  return rows[0] ?? null
}

export const findByPayment = async (db: Queryable, paymentId: number): Promise<IntentRow | null> =>
  (await selectIntents(db, 'where payment_id = $1', [paymentId]))[0] ?? null

export const lockByPayment = async (db: Queryable, paymentId: number): Promise<IntentRow | null> =>
  (await selectIntents(db, 'where payment_id = $1 for update', [paymentId]))[0] ?? null

export const lockByReference = async (db: Queryable, reference: string): Promise<IntentRow | null> =>
  (await selectIntents(db, 'where id = $1 for update', [reference]))[0] ?? null

export const isAnyDue = async (db: Queryable): Promise<boolean> =>
  (await db.query('select 1 from mock_provider.intents where settles_at <= clock_timestamp() limit 1')).rows.length > 0

/** Those whose time has come, minus those that a rival is settling right now. */
export const lockDue = (db: Queryable, limit: number): Promise<IntentRow[]> =>
  selectIntents(db, 'where settles_at <= clock_timestamp() order by settles_at limit $1 for update skip locked', [limit])

export const changeIntent = async (db: Queryable, reference: string, change: IntentChange): Promise<IntentRow> => {
  const { rows } = await db.query<IntentRow>(
    `update mock_provider.intents set status = $2, failure_code = $3, card_token = coalesce($4, card_token),
       captured_minor = coalesce($5, captured_minor), settles_at = clock_timestamp() + $6::float8 * interval '1 ms'
     where id = $1 returning ${INTENT}`,
    [
      reference,
      change.status,
      change.failure_code ?? null,
      change.card_token ?? null,
      change.captured_minor ?? null,
      change.settles_in_ms ?? null,
    ],
  )
  return rows[0] as IntentRow
}

type RefundRow = { reference: string; intent_id: string; amount_minor: number }

export const findRefund = async (db: Queryable, idempotencyKey: string): Promise<RefundRow | null> => {
  const { rows } = await db.query<RefundRow>(
    'select id as reference, intent_id, amount_minor::float8 as amount_minor from mock_provider.refunds where idempotency_key = $1',
    [idempotencyKey],
  )
  return rows[0] ?? null
}

/** Null when the key is taken. */
export const insertRefund = async (
  db: Queryable,
  refund: { idempotency_key: string; intent_id: string; amount_minor: number },
): Promise<RefundRow | null> => {
  const { rows } = await db.query<RefundRow>(
    `insert into mock_provider.refunds (id, idempotency_key, intent_id, amount_minor) values ($1, $2, $3, $4)
     on conflict do nothing returning id as reference, intent_id, amount_minor::float8 as amount_minor`,
    [newId('re'), refund.idempotency_key, refund.intent_id, refund.amount_minor],
  )
  const row = rows[0] ?? null
  if (row)
    await db.query('update mock_provider.intents set refunded_minor = refunded_minor + $2 where id = $1', [
      refund.intent_id,
      refund.amount_minor,
    ])
  return row
}

type Movement = { idempotency_key: string; intent_id: string; kind: JournalLine['kind']; amount_minor: number; currency: string }

export const writeJournal = (db: Queryable, line: Movement) =>
  db.query(
    'insert into mock_provider.journal (idempotency_key, intent_id, kind, amount_minor, currency) values ($1, $2, $3, $4, $5)',
    [line.idempotency_key, line.intent_id, line.kind, line.amount_minor, line.currency],
  )

export type Within = { from: Date; to: Date }
const EVER: Within = { from: new Date(0), to: new Date('9000-01-01') }

export const readJournal = async (
  db: Queryable,
  after: number,
  limit: number,
  { from, to }: Within = EVER,
): Promise<JournalLine[]> => {
  const { rows } = await db.query<JournalLine>(
    `select j.id::float8 as id, j.idempotency_key, j.intent_id as reference, i.payment_id::float8 as payment_id, j.kind,
       j.amount_minor::float8 as amount_minor, j.currency, to_json(j.created_at)#>>'{}' as created_at
     from mock_provider.journal j join mock_provider.intents i on i.id = j.intent_id
     where j.id > $1 and j.created_at >= $3 and j.created_at < $4 order by j.id limit $2`,
    [after, limit, from, to],
  )
  return rows
}
