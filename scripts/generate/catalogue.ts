import type pg from 'pg'

export type Column = {
  name: string
  type: string
  not_null: boolean
  identity: 'a' | 'd' | ''
  generated: boolean
  default: string | null
}
export type Constraint = {
  name: string
  kind: 'p' | 'u' | 'c' | 'f' | 'x'
  definition: string
  columns: string[] | null
  references: string | null
}
export type Table = {
  name: string
  persistence: 'p' | 'u'
  options: string[]
  columns: Column[]
  constraints: Constraint[]
  indexes: string[]
  unique_columns: (string[] | null)[]
  triggers: string[]
}
export type Catalogue = {
  extensions: string[]
  schemas: string[]
  enums: { name: string; labels: string[] }[]
  functions: string[]
  tables: Table[]
}

const ours = (schema: string) => `${schema}.nspname !~ '^pg_' and ${schema}.nspname not in ('information_schema', 'pgboss')`
const notOfExtension = (table: string, oid: string) =>
  `not exists (select from pg_depend e where e.classid = '${table}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
/** How a name is written when \`public\` is searched. */
const nameOf = (schema: string, name: string) =>
  `case ${schema}.nspname when 'public' then '' else ${schema}.nspname || '.' end || ${name}`
const list = (query: string) => `coalesce((${query}), '[]'::jsonb)`

const EXTENSIONS = `select extname::text as text from pg_extension where extname <> 'plpgsql' order by extname`
const SCHEMAS = `select n.nspname::text as text from pg_namespace n where ${ours('n')} and n.nspname <> 'public' order by n.nspname`

const ENUMS = `
  select ${nameOf('n', 't.typname')} as name, jsonb_agg(e.enumlabel order by e.enumsortorder) as labels
    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_enum e on e.enumtypid = t.oid
   where ${ours('n')} group by 1 order by 1`

const FUNCTIONS = `
  select pg_get_functiondef(p.oid) as text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where ${ours('n')} and ${notOfExtension('pg_proc', 'p.oid')}
   order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)`

const COLUMNS = list(`
  select jsonb_agg(jsonb_build_object(
           'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'not_null', a.attnotnull, 'identity', a.attidentity,
           'generated', a.attgenerated <> '', 'default', pg_get_expr(d.adbin, d.adrelid, true)) order by a.attnum)
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`)

const COLUMN_NAMES = (relation: string, keys: string) => `
  (select jsonb_agg(a.attname order by key.place) from unnest(${keys}) with ordinality as key (attnum, place)
     join pg_attribute a on a.attrelid = ${relation} and a.attnum = key.attnum)`

const CONSTRAINTS = list(`
  select jsonb_agg(jsonb_build_object(
           'name', k.conname, 'kind', k.contype, 'definition', pg_get_constraintdef(k.oid, true),
           'columns', ${COLUMN_NAMES('k.conrelid', 'k.conkey')},
           'references', (select ${nameOf('fn', 'f.relname')} from pg_class f join pg_namespace fn on fn.oid = f.relnamespace where f.oid = k.confrelid)
         ) order by position(k.contype::text in 'pufxc'), k.conname)
    from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'x', 'c')`)

const INDEXES = list(`
  select jsonb_agg(pg_get_indexdef(i.indexrelid, 0, true) order by ic.relname)
    from pg_index i join pg_class ic on ic.oid = i.indexrelid
   where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)`)

const UNIQUE_COLUMNS = list(`
  select jsonb_agg(${COLUMN_NAMES('i.indrelid', 'i.indkey::int2[]')} order by ic.relname)
    from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid and i.indisunique and i.indpred is null`)

const TRIGGERS = list(`
  select jsonb_agg(pg_get_triggerdef(t.oid, true) order by t.tgname)
    from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal`)

const TABLES = `
  select ${nameOf('n', 'c.relname')} as name, c.relpersistence as persistence, coalesce(to_jsonb(c.reloptions), '[]') as options,
         ${COLUMNS} as columns, ${CONSTRAINTS} as constraints, ${INDEXES} as indexes, ${UNIQUE_COLUMNS} as unique_columns, ${TRIGGERS} as triggers
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r' and ${ours('n')} and ${notOfExtension('pg_class', 'c.oid')}
   order by n.nspname <> 'public', n.nspname, c.relname`

/** What exists and is not shown above; a new kind of thing must not stay out of the picture unseen. */
const UNSHOWN = `
  select ${nameOf('n', 'c.relname')} as text from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where ${ours('n')} and ${notOfExtension('pg_class', 'c.oid')} and (c.relkind in ('v', 'm', 'p', 'f') or c.relrowsecurity or (c.relkind = 'S'
     and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i'))))
  union all
  select ${nameOf('n', 't.typname')} from pg_type t join pg_namespace n on n.oid = t.typnamespace
   where ${ours('n')} and t.typtype in ('d', 'r') and ${notOfExtension('pg_type', 't.oid')}`

/** Reads what the migrations made, ordered by name; the scratch database sorts by bytes. */
export const readCatalogue = async (client: pg.ClientBase): Promise<Catalogue> => {
  await client.query('set search_path = public')
  const texts = async (query: string) => (await client.query<{ text: string }>(query)).rows.map(({ text }) => text)
  const unshown = await texts(UNSHOWN)
  if (unshown.length > 0) throw new Error(`scripts/generate/catalogue.ts cannot show ${unshown.join(', ')} yet: teach it.`)
  return {
    extensions: await texts(EXTENSIONS),
    schemas: await texts(SCHEMAS),
    enums: (await client.query<Catalogue['enums'][number]>(ENUMS)).rows,
    functions: await texts(FUNCTIONS),
    tables: (await client.query<Table>(TABLES)).rows,
  }
}
