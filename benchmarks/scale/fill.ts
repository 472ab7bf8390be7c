import type pg from 'pg'

import { catalogueSteps, LUCK } from './catalogue.ts'
import { salesSteps } from './sales.ts'
import type { Shape } from './shape.ts'

export type Timed = { step: string; seconds: number }

const QUICK = `set synchronous_commit = off; set statement_timeout = 0; set lock_timeout = 0; set work_mem = '256MB'; set maintenance_work_mem = '512MB'`

type Key = { on: string; to: string; columns: string[]; referenced: string[]; name: string }

const KEYS = `
  select c.conname as name, c.conrelid::regclass::text as on, c.confrelid::regclass::text as to,
    (select array_agg(a.attname::text order by k.n) from unnest(c.conkey) with ordinality k(num, n) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num) as columns,
    (select array_agg(a.attname::text order by k.n) from unnest(c.confkey) with ordinality k(num, n) join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num) as referenced
  from pg_constraint c join pg_namespace n on n.oid = c.connamespace where c.contype = 'f' and n.nspname = 'public' order by 2, 1`

const IDENTITIES = `
  select format('select setval(%L, coalesce((select max(%I) from %I), 1))', pg_get_serial_sequence(quote_ident(table_name), column_name), column_name, table_name) as text
  from information_schema.columns where table_schema = 'public' and is_identity = 'YES'`

/** What the foreign keys would have refused row by row, looked for once: their triggers are off while the rows go in. */
const proveKeys = async (client: pg.Client) => {
  const { rows } = await client.query<Key>(KEYS)
  for (const { name, on, to, columns, referenced } of rows) {
    const pairs = columns.map((column, index) => `r.${referenced[index] ?? ''} = c.${column}`).join(' and ')
    const present = columns.map((column) => `c.${column} is not null`).join(' and ')
    const found = await client.query(
      `select from ${on} c where ${present} and not exists (select from ${to} r where ${pairs}) limit 1`,
    )
    if (found.rowCount) throw new Error(`The generator broke ${name}: a row of ${on} points at no row of ${to}.`)
  }
}

/** Row triggers cost most of a bulk insert; only a superuser may leave them out, others wait longer. */
const withoutTriggers = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await client.query<{ may: boolean }>(`select rolsuper as may from pg_roles where rolname = current_user`)
  if (rows[0]?.may) await client.query(`set session_replication_role = replica`)
  return rows[0]?.may === true
}

type Index = { name: string; definition: string }

const INDEXES = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relname = any($1) and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`

/** Those that are not a constraint's: built once from all rows they take a third of the time. */
const GROWING = [
  'orders',
  'tickets',
  'seat_claims',
  'order_items',
  'ticket_events',
  'check_ins',
  'payments',
  'payment_items',
  'refunds',
  'refund_items',
]

/** Fills a migrated, empty database; returns what each step took. */
export const fill = async (client: pg.Client, shape: Shape, say: (line: string) => void): Promise<Timed[]> => {
  const timed: Timed[] = []
  const step = async (name: string, run: () => Promise<unknown>) => {
    const started = performance.now()
    await run()
    const seconds = (performance.now() - started) / 1000
    timed.push({ step: name, seconds })
    say(`  ${name.padEnd(26)} ${seconds.toFixed(1).padStart(7)} s`)
  }
  await client.query(QUICK)
  await client.query(LUCK)
  const bare = await withoutTriggers(client)
  const { rows: indexes } = await client.query<Index>(INDEXES, [GROWING])
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  for (const [name, text] of [...catalogueSteps(shape), ...salesSteps(shape)]) await step(name, () => client.query(text))
  await step('indexes', async () => {
    for (const { definition } of indexes) await client.query(definition)
  })
  await step('sequences', async () => {
    const { rows } = await client.query<{ text: string }>(IDENTITIES)
    for (const { text } of rows) await client.query(text)
  })
  if (bare) await step('foreign keys looked at', () => proveKeys(client))
  await client.query('reset session_replication_role')
  await step('vacuum, analyze', () => client.query('vacuum (analyze)'))
  await client.query('checkpoint')
  return timed
}
