import type { Pool } from '#platform/db/pool.ts'

type JournalLine = { id?: number; idempotency_key: string; kind: string; amount_minor: number }

const OURS = `
  select 'payment-' || id || ' charge ' || amount_minor as line from payments
  where provider = 'mock' and status in ('success', 'partially_refunded', 'refunded') and amount_minor > 0
  union all
  select 'refund-' || r.id || ' refund ' || r.amount_minor from refunds r join payments p on p.id = r.payment_id
  where p.provider = 'mock' and r.status = 'success'`
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
    if (page.length < PAGE) break
    after = page.at(-1)?.id ?? 0
  }
  return { ours: rows.map(({ line }) => line).toSorted(), theirs: theirs.toSorted() }
}
