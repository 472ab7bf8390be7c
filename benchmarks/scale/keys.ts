/** What a bulk load takes off its tables and puts back, and how it is seen afterwards that nothing wrong came in. */
import type pg from 'pg'

import type { Task } from './lanes.ts'

type Index = { name: string; table: string; definition: string; constraint: string | null }

/**
 * All but primary keys, exclusions and what a foreign key leans on. Built once from all rows an index takes a third of the
 * time, and one whose entries are scattered, as those of booking codes are, far less: larger than memory, each row writes a page.
 */
const INDEXES = `
  select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as table, pg_get_indexdef(i.indexrelid) as definition, k.conname as constraint
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
  where n.nspname = 'public' and c.relkind = 'r' and coalesce(k.contype, 'u') = 'u'
    and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = i.indexrelid)`

export const takeIndexesOff = async (client: pg.Client): Promise<Index[]> => {
  const { rows } = await client.query<Index>(INDEXES)
  for (const { name, table, constraint } of rows)
    await client.query(constraint === null ? `drop index ${name}` : `alter table ${table} drop constraint ${constraint}`)
  return rows
}

const SIZES = `select name, pg_relation_size(name::regclass)::float8 as bytes from unnest($1::text[]) name`
/** How much longer one of trigrams takes than one of numbers. */
const TRIGRAMS = 20

/** Those that take longest first, so that no lane ends long after the others. A unique one fails if the rows are not. */
export const indexTasks = async (client: pg.Client, indexes: Index[]): Promise<Task[]> => {
  const tables = [...new Set(indexes.map(({ table }) => table))]
  const { rows } = await client.query<{ name: string; bytes: number }>(SIZES, [tables])
  const bytes = new Map(rows.map((row) => [row.name, row.bytes]))
  const weight = ({ table, definition }: Index) => (bytes.get(table) ?? 0) * (definition.includes('gin_trgm_ops') ? TRIGRAMS : 1)
  return indexes
    .toSorted((a, b) => weight(b) - weight(a))
    .map(({ name, definition }) => ({ name: `index ${name}`, run: (lane) => lane.query(definition) }))
}

/** Afterwards, as each wants its table for itself for a moment. */
export const putConstraintsBack = async (client: pg.Client, indexes: Index[]): Promise<void> => {
  for (const { name, table, constraint } of indexes)
    if (constraint !== null) await client.query(`alter table ${table} add constraint ${constraint} unique using index ${name}`)
}

/** Row triggers cost most of a bulk insert; only a superuser may leave them out, others wait longer. */
export const mayLeaveTriggersOut = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await client.query<{ may: boolean }>(`select rolsuper as may from pg_roles where rolname = current_user`)
  return rows[0]?.may === true
}

type Key = { on: string; to: string; columns: string[]; referenced: string[]; name: string }

const KEYS = `
  select c.conname as name, c.conrelid::regclass::text as on, c.confrelid::regclass::text as to,
    (select array_agg(a.attname::text order by k.n) from unnest(c.conkey) with ordinality k(num, n) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num) as columns,
    (select array_agg(a.attname::text order by k.n) from unnest(c.confkey) with ordinality k(num, n) join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num) as referenced
  from pg_constraint c join pg_namespace n on n.oid = c.connamespace where c.contype = 'f' and n.nspname = 'public' order by 2, 1`

/** What the foreign keys would have refused row by row, looked for once: their triggers are off while the rows go in. */
export const keyTasks = async (client: pg.Client): Promise<Task[]> => {
  const { rows } = await client.query<Key>(KEYS)
  return rows.map(({ name, on, to, columns, referenced }) => ({
    name: `key ${name}`,
    run: async (lane) => {
      const pairs = columns.map((column, index) => `r.${referenced[index] ?? ''} = c.${column}`).join(' and ')
      const present = columns.map((column) => `c.${column} is not null`).join(' and ')
      const found = await lane.query(
        `select from ${on} c where ${present} and not exists (select from ${to} r where ${pairs}) limit 1`,
      )
      if (found.rowCount) throw new Error(`The generator broke ${name}: a row of ${on} points at no row of ${to}.`)
    },
  }))
}
