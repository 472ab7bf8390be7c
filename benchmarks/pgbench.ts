import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { forUser } from '../apps/api/src/modules/checkout/reserve/reserve.statement.ts'
import { NO_RULES } from '../apps/api/src/modules/pricing/price-order.ts'
import { type Cost, costBetween, type Snapshot, snapshot } from './cpu.ts'
import {
  HALL_SEATS,
  HALLS,
  HOLD_SECONDS,
  MOVIE_TITLE,
  PGBENCH_USERS,
  PRICE_MINOR,
  ROW_SEATS,
  SESSIONS,
  SIDE_SEATS,
  TRACE,
  WEB_USERS,
} from './house.ts'

/** `processed` counts the whole run, warm-up included. */
export type PgbenchResult = Cost & { processed: number }

const CODES = 90_000_000
const FIRST_CODE = 10_000_000

/** pgbench knows numbers only: what the statement wants as text or array is put together from them by the server. */
const drawing = (seats: number) => {
  const each = (line: (k: number) => string) => Array.from({ length: seats }, (_, k) => line(k)).join('\n')
  return `\\set i :i + 1
\\set turn :start + :client_id + :clients * :i
\\set slot permute(:turn, ${SESSIONS * (SIDE_SEATS / seats)}, 1)
\\set session 1 + :slot % ${SESSIONS}
\\set first ${SIDE_SEATS} + (:slot / ${SESSIONS}) * ${seats}
\\set user random(${WEB_USERS + 1}, ${WEB_USERS + PGBENCH_USERS})
\\set reference ${FIRST_CODE} + permute(:turn, ${CODES}, 2)
\\set key random(100000000000000, 999999999999999)
\\set row 1 + :first / ${ROW_SEATS}
${each(
  (k) => `\\set seat${k} ((:session - 1) % ${HALLS}) * ${HALL_SEATS} + :first + ${k + 1}
\\set number${k} 1 + (:first + ${k}) % ${ROW_SEATS}
\\set code${k} ${FIRST_CODE} + permute(:turn * ${seats} + ${k}, ${CODES}, 3)`,
)}
`
}

const arrayOf = (seats: number, name: (k: number) => string) =>
  `('{' || ${Array.from({ length: seats }, (_, k) => `:${name(k)}::text`).join(` || ',' || `)} || '}')`

/** The API's statement with each of its parameters as a variable. */
const reserveStatement = (seats: number): string => {
  const values: Record<number, string> = {
    1: ':session',
    2: ':version',
    3: ':user',
    4: ':reference::text',
    5: arrayOf(seats, (k) => `seat${k}`),
    6: arrayOf(seats, () => 'row'),
    7: arrayOf(seats, (k) => `number${k}`),
    8: ':types',
    9: ':prices',
    10: ':discounts',
    11: arrayOf(seats, (k) => `code${k}`),
    12: ':traces',
    13: ':hold_seconds',
    14: ':wanted',
    15: ':most',
    16: `('u:' || :user::text)`,
    17: `('key-' || :key::text)`,
    18: ':method',
    19: ':path',
    20: ':body_hash',
    21: ':currency',
    22: ':subtotal',
    23: ':discount',
    24: ':total',
    25: ':rules',
    26: ':title',
    27: arrayOf(seats, (k) => `seat${k}`),
    28: ':nothing',
    29: ':nothing',
    30: ':ticket_types',
    31: ':fees',
    32: ':tax',
    33: ':tax',
    34: ':nothings',
    35: ':nothing',
    36: ':nothing',
    37: ':nothing',
    38: 'null',
  }
  return forUser.text.replaceAll(/\$(\d+)/g, (_, number: string) => {
    const value = values[Number(number)]
    if (value === undefined) throw new Error(`The reserve statement has a parameter $${number} that the bench does not know.`)
    return value
  })
}

const fixedValues = (seats: number, clients: number): Record<string, string | number> => {
  const list = (value: string | number) => `{${Array.from({ length: seats }, () => value).join(',')}}`
  const trace = JSON.stringify(JSON.stringify(TRACE))
  return {
    i: -1,
    clients,
    version: 1,
    types: list('standard'),
    prices: list(PRICE_MINOR),
    discounts: list(0),
    traces: list(trace),
    hold_seconds: HOLD_SECONDS,
    wanted: seats,
    most: 10,
    method: 'POST',
    path: '/tickets',
    body_hash: 'Ew0pYt0qGmYxJ5Zf3mJmFh0Zl8bq3Vd2o1c9sXk7uNA',
    currency: 'UAH',
    subtotal: PRICE_MINOR * seats,
    discount: 0,
    total: PRICE_MINOR * seats,
    rules: JSON.stringify({ cancel_cutoff_minutes: 30, pricing: { channel: 'web', cinemas: { 1: NO_RULES } } }),
    title: MOVIE_TITLE,
    nothing: '{}',
    ticket_types: list('adult'),
    fees: 0,
    tax: 0,
    nothings: '[]',
  }
}

const bareClaim = (seats: number) => `insert into seat_claims (session_id, seat_id, state, order_id, ticket_id, expires_at)
  select :session, seat_id, 'held', nextval('orders_id_seq'), nextval('tickets_id_seq'), now() + make_interval(secs => :hold_seconds)
  from unnest(${arrayOf(seats, (k) => `seat${k}`)}::bigint[]) as seat_id
  on conflict (session_id, seat_id) do update
    set state = 'held', order_id = excluded.order_id, ticket_id = excluded.ticket_id, acquired_at = now(), expires_at = excluded.expires_at
    where seat_claims.state = 'held' and seat_claims.expires_at <= now()
  returning seat_id`

export type Script = 'whole' | 'claim' | 'floor'

export const pgbenchVersion = (): string | undefined => {
  const { status, stdout } = spawnSync('pgbench', ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

type Setup = { url: string; postmaster: number | undefined; clients: number; seats: number; directory: string; settings: string }
type Mark = Snapshot & { second: number; done: number }

export const createPgbench = ({ url, postmaster, clients, seats, directory, settings }: Setup) => {
  const texts: Record<Script, string> = { whole: reserveStatement(seats), claim: bareClaim(seats), floor: 'select :session' }
  const fileOf = (script: Script) => join(directory, `${script}.sql`)
  for (const [script, text] of Object.entries(texts)) writeFileSync(fileOf(script as Script), `${drawing(seats)}${text};\n`)
  let start = 0

  const launch = (script: Script, seconds: number) => {
    const values = Object.entries({ ...fixedValues(seats, clients), start }).flatMap(([name, value]) => [
      '-D',
      `${name}=${value}`,
    ])
    return spawn(
      'pgbench',
      [
        '-n',
        '-M',
        'prepared',
        '-c',
        String(clients),
        '-j',
        '1',
        '-T',
        String(seconds),
        '-P',
        '1',
        ...values,
        '-f',
        fileOf(script),
        url,
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PGOPTIONS: settings },
      },
    )
  }

  /** Measures from the end of the warm-up for the length of the window; the progress lines mark both. */
  return async (script: Script, warm: number, window: number): Promise<PgbenchResult> => {
    // One second more, so that the last mark is set while all clients still run.
    const child = launch(script, warm + window + 1)
    const marks: Mark[] = []
    const lines: string[] = []
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
    })
    createInterface({ input: child.stderr }).on('line', (line) => {
      const progress = /^progress: ([\d.]+) s, ([\d.]+) tps/.exec(line)
      if (!progress) {
        lines.push(line)
        return
      }
      const second = Number(progress[1])
      const last = marks.at(-1)
      const done = (last?.done ?? 0) + Number(progress[2]) * (second - (last?.second ?? 0))
      marks.push({ ...snapshot({ postmaster, api: undefined, client: child.pid }), second, done })
    })
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    const processed = Number(/transactions actually processed: (\d+)/.exec(output)?.[1] ?? 0)
    const first = marks[warm - 1]
    const last = marks[warm + window - 1]
    if (code !== 0 || !first || !last) throw new Error(`pgbench failed.\n${lines.slice(0, 8).join('\n')}\n${output}`)
    // Clients do not advance in step: the next run starts beyond the fastest.
    start += clients * Math.ceil((processed / clients) * 1.3 + 100)
    return { ...costBetween(first, last, last.done - first.done), processed }
  }
}
export type Pgbench = ReturnType<typeof createPgbench>
