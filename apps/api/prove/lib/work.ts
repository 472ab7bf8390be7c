import type { Pool } from '#platform/db/pool.ts'

/** How much work still waits: jobs in the queue, and papers to be written. Dead letters wait for nobody. */
export const leftToDo = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ count: number }>(
    `select ((select count(*) from pgboss.job where state < 'completed' and name <> 'dead_letters') + (select count(*) from receipt_dues))::int as count`,
  )
  return rows[0]?.count ?? 0
}
