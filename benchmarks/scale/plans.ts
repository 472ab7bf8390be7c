/** `npm run bench:plans -- --tickets 1e6`: how PostgreSQL answers what is asked most, at a size; `--write` keeps it in docs/plans.md. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { createApp } from '../../apps/api/src/app.ts'
import { loadConfig } from '../../apps/api/src/platform/config.ts'
import { openServer as openPool } from '../../apps/api/src/platform/db/pool.ts'
import { loadKeys } from '../../apps/api/src/platform/keys.ts'
import { createLog } from '../../apps/api/src/platform/log.ts'
import { connect, openServer, temporaryDirectory } from '../postgres.ts'
import { readCommit, table } from '../report.ts'
import { createSigner } from '../web.ts'
import { explain, type Plan, record, type Statement } from './explain.ts'
import { keptScale, makeScale, readSizes } from './make.ts'
import { readSize, shortSize } from './shape.ts'

const DOCUMENT = fileURLToPath(new URL('../../docs/plans.md', import.meta.url))
const HEADING = '# Query plans'
const VIEWER = 500
const ADMIN = 3

const { values: args } = parseArgs({
  options: { tickets: { type: 'string', default: '1e6' }, kept: { type: 'string' }, write: { type: 'boolean', default: false } },
})

type Question = { title: string; path: string; method?: 'POST' | 'PUT'; body?: object; as?: 'viewer' | 'manager' }

const PLACE = `
  select s.id as session, h.cinema_id as cinema, s.business_day::text as day,
    (select array_agg(x.id) from (select seat.id from seats seat where seat.hall_id = s.hall_id and not exists
      (select from seat_claims c where c.session_id = s.id and c.seat_id = seat.id) order by seat.id limit 2) x) as free,
    (select array_agg(x.id) from (select id from tickets where session_id = s.id and status = 'paid' order by id limit 2) x) as paid
  from sessions s join halls h on h.id = s.hall_id where s.start_time > now() + interval '3 days' order by s.start_time, s.id limit 1`

type Place = { session: number; cinema: number; day: string; free: number[]; paid: number[] }

const questionsAt = ({ session, cinema, day, free, paid }: Place): Question[] => [
  { title: 'Movie list', path: '/movies' },
  { title: 'Movie search', path: '/movies?search=harbour' },
  { title: 'Movie', path: '/movies/77' },
  { title: 'Sessions of a cinema’s day', path: `/sessions?cinema_id=${cinema}&date=${day}` },
  { title: 'The next sessions of all', path: '/sessions' },
  { title: 'Session', path: `/sessions/${session}` },
  { title: 'Seat map', path: `/sessions/${session}/available-seats` },
  { title: 'My tickets', path: '/tickets/my', as: 'viewer' },
  { title: 'My paid tickets', path: '/tickets/my?status=paid', as: 'viewer' },
  { title: 'A session’s tickets, for staff', path: `/tickets?session_id=${session}`, as: 'manager' },
  { title: 'Everybody’s tickets, for staff', path: '/tickets', as: 'manager' },
  { title: 'Everybody’s tickets, 10,000 deep', path: '/tickets?skip=9980&limit=20', as: 'manager' },
  { title: 'My orders', path: '/orders', as: 'viewer' },
  { title: 'My account', path: '/users/me', as: 'viewer' },
  { title: 'Users, for staff', path: '/users', as: 'manager' },
  { title: 'Ticket statistics', path: '/tickets/statistics', as: 'manager' },
  { title: 'Booking', path: '/tickets', method: 'POST', body: { session_id: session, seat_ids: free.slice(0, 1) }, as: 'viewer' },
  { title: 'Check-in', path: `/tickets/${paid[0]}`, method: 'PUT', body: { status: 'used' }, as: 'manager' },
]

/** What was booked or let in is so by the time it is explained, so the plan is that of another seat, or another ticket. */
const another = ({ text, values }: Statement, { free, paid }: Place): Statement => ({
  text,
  values: values.map((value) => {
    if (Array.isArray(value) && value[0] === free[0]) return [free[1]]
    if (Array.isArray(value) && value[0] === paid[0]) return [paid[1]]
    if (value === paid[0]) return paid[1]
    return /^[A-Z2-9]{8}$/.test(String(value)) ? (Array.isArray(value) ? ['ZZZZZZZ1'] : 'ZZZZZZZ1') : value
  }),
})

type Answered = { title: string; status: number; plans: { text: string; plan: Plan }[] }

const askAll = async (url: string, directory: string): Promise<Answered[]> => {
  const config = loadConfig({
    DATABASE_URL: url,
    DEMO_DATA: 'false',
    JOBS: 'false',
    LOG_LEVEL: 'silent',
    CERTS_DIR: `${directory}/certs`,
    DATA_DIR: directory,
  })
  const sign = createSigner(directory)
  const tokens = { viewer: await sign(VIEWER, 'customer'), manager: await sign(ADMIN, 'admin') }
  const database = openPool({ url, size: 4 })
  const app = await createApp({ config, database, keys: loadKeys(config), log: createLog(config) })
  const client = await connect(url)
  try {
    const { rows } = await client.query<Place>(PLACE)
    const found = rows[0] as Place
    const place = { ...found, free: found.free.map(Number), paid: found.paid.map(Number) }
    const answered: Answered[] = []
    for (const { title, path, method = 'GET', body, as } of questionsAt(place)) {
      let status = 0
      const heard = await record(async () => {
        const answer = await app.server.inject({
          method,
          url: `/api/v1${path}`,
          ...(body && { payload: body }),
          ...(as && { headers: { authorization: `Bearer ${tokens[as]}` } }),
        })
        status = answer.statusCode
      })
      const plans = []
      for (const statement of status < 300 ? heard : [])
        plans.push({
          text: statement.text,
          plan: await explain(client, body ? another(statement, place) : statement),
        })
      answered.push({ title, status, plans })
    }
    return answered
  } finally {
    await client.end()
    await app.close()
    await database.close()
  }
}

const overview = (answered: Answered[]) =>
  table(
    ['asked', 'statements', 'ms', 'pages', 'read whole'],
    answered.map(({ title, status, plans }) => [
      title,
      status < 300 ? String(plans.length) : `– (${status})`,
      plans.reduce((sum, { plan }) => sum + plan.ms, 0).toFixed(2),
      String(plans.reduce((sum, { plan }) => sum + plan.pages, 0)),
      [...new Set(plans.flatMap(({ plan }) => plan.scans))].join(', ') || '–',
    ]),
  )

const details = (answered: Answered[]) =>
  answered
    .filter(({ plans }) => plans.length > 0)
    .map(
      ({ title, plans }) => `### ${title}\n\n${plans.map(({ plan }) => `\`\`\`\n${plan.lines.join('\n')}\n\`\`\``).join('\n\n')}`,
    )
    .join('\n\n')

const main = async () => {
  const tickets = readSize(args.tickets)
  const directory = temporaryDirectory()
  const server = await openServer(process.env['DATABASE_URL'])
  try {
    const { url } = args.kept === undefined ? await makeScale(server, tickets) : keptScale(args.kept, tickets)
    const sizes = await readSizes(url)
    const answered = await askAll(url, directory)
    const rows = sizes.tables.slice(0, 6).map(({ name, rows: count }) => `${count} ${name}`)
    const head = [
      HEADING,
      `How PostgreSQL answers what people ask most; what follows from it stands in [performance.md](performance.md). Written by \`npm run bench:plans -- --tickets ${args.tickets} --write\` on ${new Date().toISOString().slice(0, 10)}, commit ${readCommit()}, PostgreSQL ${server.settings['server_version'] ?? '?'}.`,
      `At ${shortSize(tickets)} tickets: ${rows.join(', ')}; ${(sizes.database / 2 ** 20).toFixed(0)} MB. *Pages* are of 8 KiB, from memory or disk; *read whole* names tables without an index's help.`,
      overview(answered),
    ].join('\n\n')
    console.log(`\n${head}\n\n${details(answered)}\n`)
    if (!args.write) return
    writeFileSync(DOCUMENT, `${head}\n\n${details(answered)}\n`)
  } finally {
    await server.close()
  }
}

await main()
