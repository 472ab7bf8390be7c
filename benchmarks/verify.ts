import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { connect } from './postgres.ts'

const CLI = fileURLToPath(new URL('../apps/api/src/cli.ts', import.meta.url))

export type Check = { name: string; sound: boolean; detail: string }

const COUNTS = `
  select
    (select count(*) from (select from tickets where status in ('reserved', 'paid', 'used') group by session_id, seat_id having count(*) > 1) twice) as twice,
    (select count(*) from tickets t where not exists (
      select from seat_claims c where c.session_id = t.session_id and c.seat_id = t.seat_id and c.ticket_id = t.id and c.order_id = t.order_id)) as unclaimed,
    (select count(*) from seat_claims c where not exists (select from tickets t where t.id = c.ticket_id)) as ticketless,
    (select count(*) from orders where reference not like 'FULL%') as orders,
    (select count(*) from idempotency_keys) as keys,
    (select count(*) from tickets where booking_reference not like 'FULL%') as tickets`

type Counts = Record<'twice' | 'unclaimed' | 'ticketless' | 'orders' | 'keys' | 'tickets', number>

export const checkInvariants = (url: string, directory: string): Check => {
  const name = 'npm run check:invariants'
  if (!existsSync(CLI)) return { name, sound: true, detail: 'not there yet' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'check:invariants'], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: url, DATA_DIR: directory },
  })
  const lines = `${stdout}${stderr}`.trim().split('\n')
  const told = status === 0 ? [] : lines.filter((line) => line.startsWith('✗') || line.startsWith('  '))
  return { name, sound: status === 0, detail: [lines.at(-1) ?? '', ...told].join('\n') }
}

/** Whether the database holds exactly what its clients were told, and no seat twice. */
export const verify = async (
  url: string,
  made: { web: number; pgbench: number },
  seats: number,
  directory: string,
): Promise<Check[]> => {
  const client = await connect(url)
  const { rows } = await client.query<Counts>(COUNTS)
  await client.end()
  const { twice, unclaimed, ticketless, orders, keys, tickets } = rows[0] as Counts
  const told = made.web + made.pgbench
  // A statement of pgbench that found its seat taken says so without an error, and has made nothing.
  const conflicts = told - orders
  return [
    { name: 'no seat sold twice', sound: twice === 0, detail: `${twice} seats with two live tickets` },
    {
      name: 'every ticket has its claim',
      sound: unclaimed === 0 && ticketless === 0,
      detail: `${unclaimed} without a claim, ${ticketless} claims without a ticket`,
    },
    {
      name: 'nothing lost, nothing extra',
      sound: conflicts >= 0 && conflicts <= made.pgbench * 0.001 && tickets === orders * seats && keys === orders,
      detail: `${told} told (${made.web} over HTTP), ${orders} orders, ${keys} keys, ${tickets} tickets, ${conflicts} conflicts in pgbench`,
    },
    checkInvariants(url, directory),
  ]
}
