import type { Cost } from './cpu.ts'
import { createPgbench, type Script } from './pgbench.ts'
import { connect, type Server } from './postgres.ts'
import { medianOf, runRounds } from './rounds.ts'

export type Part = { name: string; rate: number; postgres_us: number }

type Setup = {
  server: Server
  template: string
  clients: number
  seats: number
  directory: string
  settings: string
  rounds: number
  window_seconds: number
  withKeys: boolean
}
type Key = { name: string; on: string; to: string; definition: string }
type Variant = { title: string; script: Script; without: Key[] }

const KEYS = `
  select conname as name, conrelid::regclass::text as on, confrelid::regclass::text as to, pg_get_constraintdef(oid) as definition
  from pg_constraint
  where contype = 'f' and conrelid in ('tickets'::regclass, 'orders'::regclass, 'order_items'::regclass, 'seat_claims'::regclass, 'idempotency_keys'::regclass)
    and confrelid <> 'guests'::regclass
  order by conrelid desc, conname`

const variantsWith = (keys: Key[]): Variant[] => [
  { title: 'nothing (select of one parameter)', script: 'floor', without: [] },
  { title: 'the bare claim', script: 'claim', without: [] },
  { title: 'the whole statement', script: 'whole', without: [] },
  ...keys.map((key) => ({ title: `… without the key ${key.on} → ${key.to}`, script: 'whole' as const, without: [key] })),
  ...(keys.length > 0 ? [{ title: '… without any of these keys', script: 'whole' as const, without: keys }] : []),
]

/** What the parts of the statement cost, in a copy of the database: its claims have no orders, and its keys come and go. */
export const measureParts = async ({
  server,
  template,
  clients,
  seats,
  directory,
  settings,
  rounds,
  window_seconds,
  withKeys,
}: Setup): Promise<Part[]> => {
  const { url } = await server.createDatabase('bench_parts', template)
  const client = await connect(url)
  try {
    const { rows: keys } = await client.query<Key>(KEYS)
    const pgbench = createPgbench({ url, postmaster: server.postmaster, clients, seats, directory, settings })
    const variants = variantsWith(withKeys ? keys : [])
    const run = async (title: string): Promise<Cost> => {
      const variant = variants.find((one) => one.title === title)
      if (!variant) throw new Error(`There is no variant ${title}.`)
      for (const { name, on } of variant.without) await client.query(`alter table ${on} drop constraint ${name}`)
      const cost = await pgbench(variant.script, 1, window_seconds)
      for (const { name, on, definition } of variant.without)
        await client.query(`alter table ${on} add constraint ${name} ${definition} not valid`)
      return cost
    }
    const titles = variants.map(({ title }) => title)
    const results = await runRounds(titles, rounds, run)
    return titles.map((name) => ({
      name,
      rate: medianOf(results.get(name), ({ rate }) => rate),
      postgres_us: medianOf(results.get(name), ({ postgres_us }) => postgres_us),
    }))
  } finally {
    await client.end()
  }
}
