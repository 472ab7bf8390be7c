/** The load: its own process, told by messages what to ask for. */
import { readFileSync } from 'node:fs'

import { ARENA_FIRST_SEAT, ARENA_SEATS, HALL_SEATS, HALLS, PROMO_CODE, SESSIONS, shuffled, SIDE_SEATS } from './house.ts'
import { connectHttp } from './http-client.ts'

export type LoadSetup = { host: string; port: number; clients: number; seats: number; tokens_file: string }
export type Scene =
  | { name: 'spread' }
  | { name: 'coded' }
  | { name: 'hot'; session: number }
  | { name: 'refused'; session: number; first_seat: number }
export type LoadOrder =
  | { kind: 'setup'; setup: LoadSetup }
  | { kind: 'greet' }
  | { kind: 'start'; scene: Scene }
  | { kind: 'sample' }
  | { kind: 'stop' }
/** Statuses since the start of the scene, latencies since the last report. */
export type LoadReport = { statuses: Record<number, number>; p50_ms: number; p99_ms: number }

type Seat = { session: number; seat: number }

const LARGEST_KEY = 1e15
// Refused for its id, but only after the token has been checked.
const GREETING = 'GET /api/v1/orders/none HTTP/1.1'

/** Which seat the next request of a scene asks for; no free seat is asked for twice. */
const createDraw = (seats: number) => {
  const slots = shuffled(SESSIONS * (SIDE_SEATS / seats), 1).values()
  const arenaOrder = shuffled(ARENA_SEATS / seats, 2)

  const next = (from: Iterator<number>): number => {
    const { value, done } = from.next()
    if (done) throw new Error('All seats are used up: measure for a shorter time.')
    return value
  }

  const spread = (): Seat => {
    const slot = next(slots)
    const hall = (slot % SESSIONS) % HALLS
    return { session: (slot % SESSIONS) + 1, seat: hall * HALL_SEATS + Math.floor(slot / SESSIONS) * seats + 1 }
  }

  return (scene: Scene): (() => Seat) => {
    if (scene.name === 'spread' || scene.name === 'coded') return spread
    const { session } = scene
    const arena = arenaOrder.values()
    if (scene.name === 'hot') return () => ({ session, seat: ARENA_FIRST_SEAT + next(arena) * seats })
    return () => ({ session, seat: scene.first_seat + Math.floor(Math.random() * (HALL_SEATS / seats)) * seats })
  }
}

const createLoad = ({ host, port, clients, seats, tokens_file }: LoadSetup) => {
  const heads = readFileSync(tokens_file, 'utf8')
    .split('\n')
    .map((token) => `Host: ${host}:${port}\r\nAuthorization: Bearer ${token}\r\n`)
  const drawFor = createDraw(seats)
  const connections = Promise.all(Array.from({ length: clients }, () => connectHttp(host, port)))
  let statuses: Record<number, number> = {}
  let latencies: number[] = []
  let running = false
  let ended: Promise<unknown> = Promise.resolve()

  let also = ''

  const toText = ({ session, seat }: Seat) => {
    const ids = Array.from({ length: seats }, (_, index) => seat + index).join(',')
    const body = `{"session_id":${session},"seat_ids":[${ids}]${also}}`
    const key = Math.floor(Math.random() * LARGEST_KEY)
    const head = heads[Math.floor(Math.random() * heads.length)] ?? ''
    return `POST /api/v1/tickets HTTP/1.1\r\n${head}Idempotency-Key: key-${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  }

  const drive = (draw: () => Seat, { send }: Awaited<typeof connections>[number]) =>
    new Promise<void>((resolve) => {
      const again = () => {
        const sent = performance.now()
        send(toText(draw()), (status) => {
          latencies.push(performance.now() - sent)
          statuses[status] = (statuses[status] ?? 0) + 1
          if (running) again()
          else resolve()
        })
      }
      again()
    })

  return {
    /** Shows every token once, so that none is checked for the first time inside a window. */
    greet: async () => {
      const waiting = heads.values()
      const greetAll = async ({ send }: Awaited<typeof connections>[number]) => {
        for (const head of waiting) {
          const status = await new Promise((resolve) => send(`${GREETING}\r\n${head}\r\n`, resolve))
          if (status !== 422) throw new Error(`A token was answered with ${String(status)}.`)
        }
      }
      await Promise.all((await connections).map(greetAll))
    },
    start: async (scene: Scene) => {
      running = true
      statuses = {}
      latencies = []
      also = scene.name === 'coded' ? `,"promo_code":"${PROMO_CODE}"` : ''
      const draw = drawFor(scene)
      ended = Promise.all((await connections).map((connection) => drive(draw, connection)))
    },
    stop: async () => {
      running = false
      await ended
    },
    report: (): LoadReport => {
      const sorted = Float64Array.from(latencies).toSorted()
      latencies = []
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
      return { statuses: { ...statuses }, p50_ms: at(0.5), p99_ms: at(0.99) }
    },
  }
}

let load: ReturnType<typeof createLoad> | undefined

const obey = async (order: LoadOrder): Promise<LoadReport | undefined> => {
  if (order.kind === 'setup') load = createLoad(order.setup)
  if (order.kind === 'greet') await load?.greet()
  if (order.kind === 'start') await load?.start(order.scene)
  if (order.kind === 'stop') await load?.stop()
  return load?.report()
}

process.on('message', (order: LoadOrder) => {
  void obey(order).then((report) => process.send?.(report))
})
process.on('disconnect', () => process.exit())
