import { createApp } from '../../apps/api/src/app.ts'
import { loadConfig } from '../../apps/api/src/platform/config.ts'
import { openServer as openPool } from '../../apps/api/src/platform/db/pool.ts'
import { loadKeys } from '../../apps/api/src/platform/keys.ts'
import { createLog } from '../../apps/api/src/platform/log.ts'
import { connect } from '../postgres.ts'
import { createSigner } from '../web.ts'
import { explain, type Plan, record, type Statement } from './explain.ts'

const VIEWER = 500
const ADMIN = 3

/** What grows with every ticket that is sold: nothing that is asked often may read one of these whole. The counts of statistics have a row for a session. */
const GROWING = [
  'tickets',
  'order_items',
  'ticket_events',
  'orders',
  'seat_claims',
  'check_ins',
  'payments',
  'payment_items',
  'receipts',
]

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

export type Answered = { title: string; status: number; plans: { text: string; plan: Plan }[] }

/** Asks the API in this process what people ask most, and PostgreSQL how it answers each statement of that. */
export const askAll = async (url: string, directory: string): Promise<Answered[]> => {
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

/** What must not be so: a question that is refused, and one for which tickets, orders or what belongs to them are read whole. */
export const complaintsOf = (answered: Answered[]): string[] =>
  answered.flatMap(({ title, status, plans }) => [
    ...(status < 300 ? [] : [`${title} is answered with ${status}.`]),
    ...plans
      .flatMap(({ plan }) => plan.scans)
      .filter((name) => GROWING.includes(name))
      .map((name) => `${title} reads ${name} whole.`),
  ])
