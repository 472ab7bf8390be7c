import type { Pool } from '#platform/db/pool.ts'
import { type IntentRow, newId } from './books.ts'
import type { Client } from './database.ts'
import type { EventType, WebhookBody } from './schemas.ts'

export type PendingWebhook = { id: number; intent_id: string; body: string; attempts: number }

type News = {
  type: EventType
  amount_minor: number
  /** When to deliver, counted from now: one delivery each. */
  deliver_in_ms?: number[]
}

/** Writes down what the world must be told, in the transaction that made it true. */
export const enqueueWebhook = (client: Client, intent: IntentRow, { type, amount_minor, deliver_in_ms = [0] }: News) => {
  const { reference, payment_id, currency, status } = intent
  const body: WebhookBody = {
    id: newId('evt'),
    type,
    created: Math.floor(Date.now() / 1000),
    data: { reference, payment_id, amount_minor, currency, status },
  }
  return client.query(
    `insert into mock_provider.webhooks (event_id, intent_id, body, due_at)
     select $1, $2, $3, clock_timestamp() + ms * interval '1 ms' from unnest($4::float8[]) as ms`,
    [body.id, reference, JSON.stringify(body), deliver_in_ms],
  )
}

export const createOutbox = (pool: Pool) => ({
  /** Takes what is due for `lease_ms`; should this process die, another one takes it after that. */
  claim: async (limit: number, lease_ms: number, max_attempts: number): Promise<PendingWebhook[]> => {
    const { rows } = await pool.query<PendingWebhook>(
      `update mock_provider.webhooks set attempts = attempts + 1, due_at = clock_timestamp() + $2::float8 * interval '1 ms'
       where id in (
         select id from mock_provider.webhooks where sent_at is null and due_at <= clock_timestamp() and attempts < $3
         order by due_at, id limit $1 for update skip locked)
       returning id::float8 as id, intent_id, body, attempts`,
      [limit, lease_ms, max_attempts],
    )
    return rows.toSorted((a, b) => a.id - b.id)
  },

  markSent: async (id: number): Promise<void> => {
    await pool.query('update mock_provider.webhooks set sent_at = clock_timestamp() where id = $1', [id])
  },

  postpone: async (id: number, ms: number): Promise<void> => {
    await pool.query(
      `update mock_provider.webhooks set due_at = clock_timestamp() + $2::float8 * interval '1 ms' where id = $1 and sent_at is null`,
      [id, ms],
    )
  },
})

export type Outbox = ReturnType<typeof createOutbox>
