import type { Pool } from '#platform/db/pool.ts'

type JournalLine = { id?: number; idempotency_key: string; kind: string; amount_minor: number }

/** What an exchange moves from order to order reaches no provider; what is given back of it, that of the first payment gives. */
const OURS = `
  select 'payment-' || id || ' charge ' || amount_minor as line from payments
  where provider in ('mock', 'stripe') and status in ('success', 'partially_refunded', 'refunded') and amount_minor > 0
  union all
  select 'refund-' || r.id || ' refund ' || r.amount_minor
  from refunds r left join exchange_credits c on c.payment_id = r.payment_id join payments p on p.id = coalesce(c.source_payment_id, r.payment_id)
  where p.provider in ('mock', 'stripe') and r.status = 'success' and not exists (select from exchange_credits moved where moved.refund_id = r.id)`
const PAGE = 10_000

/** Every line of the provider's journal beside every line of our books, to be the same to the last cent. */
export const compareBooks = async (
  pool: Pool,
  read: (after: number, limit: number) => Promise<JournalLine[]>,
): Promise<{ ours: string[]; theirs: string[] }> => {
  const { rows } = await pool.query<{ line: string }>(OURS)
  const theirs: string[] = []
  for (let after = 0; ;) {
    const page = await read(after, PAGE)
    for (const { idempotency_key, kind, amount_minor } of page) theirs.push(`${idempotency_key} ${kind} ${amount_minor}`)
    const last = page.at(-1)?.id
    if (page.length < PAGE || last === undefined) break
    after = last
  }
  return { ours: rows.map(({ line }) => line).toSorted(), theirs: theirs.toSorted() }
}
