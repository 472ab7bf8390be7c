import type pg from 'pg'

import { catalogueSteps, LUCK } from './catalogue.ts'
import { indexTasks, keyTasks, mayLeaveTriggersOut, putConstraintsBack, takeIndexesOff } from './keys.ts'
import { type Lanes, openLanes, type Task, type Timed } from './lanes.ts'
import { dropPlan, planSales, sellAsPlanned } from './sales.ts'
import type { Shape } from './shape.ts'

const SETTINGS = [
  `set synchronous_commit = off; set statement_timeout = 0; set lock_timeout = 0; set jit = off;
  set work_mem = '256MB'; set maintenance_work_mem = '512MB'; set max_parallel_workers_per_gather = 0; set max_parallel_maintenance_workers = 0;
  set synchronize_seqscans = off`,
  LUCK,
]
/** As many as a small machine has processors; one where triggers look whether what is pointed at is there already. */
const LANES = 2

const IDENTITIES = `
  select format('select setval(%L, coalesce((select max(%I) from %I), 1))', pg_get_serial_sequence(quote_ident(table_name), column_name), column_name, table_name) as text
  from information_schema.columns where table_schema = 'public' and is_identity = 'YES'`

const TABLES = `
  select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' order by pg_relation_size(c.oid) desc`

const setIdentities = async (client: pg.Client) => {
  const { rows } = await client.query<{ text: string }>(IDENTITIES)
  for (const { text } of rows) await client.query(text)
}

/** Who looks into every table again while it fills only takes the processor and the disk away; in the end all are vacuumed. */
const keepAutovacuumOut = async (client: pg.Client): Promise<() => Promise<void>> => {
  const { rows } = await client.query<{ name: string }>(TABLES)
  for (const { name } of rows) await client.query(`alter table ${name} set (autovacuum_enabled = off)`)
  return async () => {
    for (const { name } of rows) await client.query(`alter table ${name} reset (autovacuum_enabled)`)
  }
}

const vacuumTasks = async (client: pg.Client): Promise<Task[]> => {
  const { rows } = await client.query<{ name: string }>(TABLES)
  return rows.map(({ name }) => ({ name: `vacuum ${name}`, run: (lane) => lane.query(`vacuum (analyze) ${name}`) }))
}

const inOrder = (steps: [string, string][]): Task[] => steps.map(([name, text]) => ({ name, run: (lane) => lane.query(text) }))

const SLOWEST = 4

const createSteps = (lanes: Lanes, say: (line: string) => void) => {
  const timed: Timed[] = []
  const tell = ({ step, seconds }: Timed, indent: string) =>
    say(`${indent}${step.padEnd(34)} ${seconds.toFixed(1).padStart(7)} s`)
  return {
    timed,
    run: async (step: string, tasks: Task[]) => {
      const started = performance.now()
      const parts = await lanes.run(tasks)
      const whole = { step, seconds: (performance.now() - started) / 1000 }
      timed.push(whole)
      tell(whole, '  ')
      if (parts.length === 1) return
      for (const part of parts.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST))
        if (part.seconds >= 1) tell(part, '    ')
    },
  }
}

/**
 * Fills a migrated, empty database; returns what each step took. What was left out meanwhile is made good: unique keys are
 * built from all rows, foreign keys are looked at as a whole, and the invariants say the rest.
 */
export const fill = async (client: pg.Client, url: string, shape: Shape, say: (line: string) => void): Promise<Timed[]> => {
  const bare = await mayLeaveTriggersOut(client)
  const lanes = await openLanes(url, bare ? LANES : 1, bare ? [...SETTINGS, `set session_replication_role = replica`] : SETTINGS)
  try {
    const { run, timed } = createSteps(lanes, say)
    const letAutovacuumIn = await keepAutovacuumOut(client)
    const indexes = await takeIndexesOff(client)
    for (const step of [...catalogueSteps(shape), planSales(shape)]) await run(step[0], inOrder([step]))
    await run('what was sold', inOrder(sellAsPlanned))
    await client.query(dropPlan)
    await run('indexes', await indexTasks(client, indexes))
    await putConstraintsBack(client, indexes)
    await setIdentities(client)
    await run('vacuum, analyze', await vacuumTasks(client))
    await letAutovacuumIn()
    if (bare) await run('foreign keys looked at', await keyTasks(client))
    await client.query('checkpoint')
    return timed
  } finally {
    await lanes.close()
  }
}
