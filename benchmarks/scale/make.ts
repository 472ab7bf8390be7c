import { sql } from 'kysely'

import { createSearchService } from '../../apps/api/src/modules/search/service.ts'
import { createRollUp } from '../../apps/api/src/modules/statistics/roll-up.ts'
import { createDb, type Db } from '../../apps/api/src/platform/db/kysely.ts'
import { migrate } from '../../apps/api/src/platform/db/migrate.ts'
import { openServer as openPool } from '../../apps/api/src/platform/db/pool.ts'
import { connect, type Server } from '../postgres.ts'
import { fill } from './fill.ts'
import type { Timed } from './lanes.ts'
import { shapeOf, shortSize } from './shape.ts'

export type Made = { url: string; name: string; tickets: number; seconds: number; steps: Timed[] }

const say = (line: string) => console.log(line)

const LEFT = `
  select from statistics_marks where uncounted > 0 or ticket_mark < (select max(id) from tickets) or event_mark < (select max(id) from ticket_events)`

/** Ids are seen, found safe, and counted, in as many turns as that takes. */
const countAll = async (db: Db): Promise<void> => {
  const rollUp = createRollUp(db, 0)
  do await rollUp()
  while ((await sql.raw(LEFT).execute(db)).rows.length > 0)
}

/** What the API's own duties add to a database by and by: the texts that searches look into, and the sales counted. */
const keepHouse = async (url: string): Promise<void> => {
  const { pool, close } = openPool({ url, size: 2 })
  const db = createDb(pool)
  await createSearchService({ db }).fill()
  await countAll(db)
  await pool.query('vacuum (analyze) movie_search, person_search, session_totals, statistics_marks')
  await close()
}

/** A database of its own with about so many tickets; it goes when the server's handle is closed. */
export const makeScale = async (server: Pick<Server, 'createDatabase'>, tickets: number, tell = say): Promise<Made> => {
  const started = performance.now()
  const { name, url } = await server.createDatabase(`scale_${shortSize(tickets)}`)
  const { pool, close } = openPool({ url, size: 1 })
  await migrate(pool)
  await close()
  const client = await connect(url)
  const steps = await fill(client, url, shapeOf(tickets), tell)
  await client.end()
  const since = performance.now()
  await keepHouse(url)
  const kept = { step: 'search texts, sales counted', seconds: (performance.now() - since) / 1000 }
  tell(`  ${kept.step.padEnd(26)} ${kept.seconds.toFixed(1).padStart(7)} s`)
  steps.push(kept)
  return { url, name, tickets, steps, seconds: (performance.now() - started) / 1000 }
}

/** One that was made before, and kept. */
export const keptScale = (url: string, tickets: number): Made => ({
  url,
  name: new URL(url).pathname.slice(1),
  tickets,
  seconds: 0,
  steps: [],
})

const SIZES = `
  select c.relname as name, c.reltuples::bigint as rows, pg_table_size(c.oid) as heap, pg_indexes_size(c.oid) as indexes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.reltuples > 0 order by pg_total_relation_size(c.oid) desc limit 14`

export type Size = { name: string; rows: number; heap: number; indexes: number }

export const readSizes = async (url: string): Promise<{ tables: Size[]; database: number }> => {
  const client = await connect(url)
  try {
    const { rows } = await client.query<Record<keyof Size, string>>(SIZES)
    const whole = await client.query<{ size: string }>('select pg_database_size(current_database()) as size')
    const tables = rows.map(({ name, ...numbers }) => ({
      name,
      rows: Number(numbers.rows),
      heap: Number(numbers.heap),
      indexes: Number(numbers.indexes),
    }))
    return { tables, database: Number(whole.rows[0]?.size) }
  } finally {
    await client.end()
  }
}
