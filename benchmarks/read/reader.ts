/** Asks what it is told to, as fast as the answers come: its own process, so that its CPU is not the server's. */
import { connectHttp } from '../http-client.ts'

/** So many, or as many as begin within these seconds. */
export type HowLong = { count: number } | { seconds: number }
export type ReaderOrder =
  | { kind: 'list'; name: string; requests: string[] }
  | ({ kind: 'run'; list: string; host: string; port: number; clients: number; fresh: boolean } & HowLong)
export type ReaderReport = { statuses: Record<number, number>; p50_ms: number; p99_ms: number; seconds: number }

type Client = Awaited<ReturnType<typeof connectHttp>>

/** What an answer of the catalogue's cache says of itself, and what it counts as where nothing kept is wanted. */
const KEPT = 'x-cache: hit'
const NOT_FRESH = 0

const lists = new Map<string, { requests: string[]; next: number }>()
const connected = new Map<string, Promise<Client[]>>()

const clientsOf = (host: string, port: number, clients: number) => {
  const name = `${host}:${port}:${clients}`
  const known = connected.get(name) ?? Promise.all(Array.from({ length: clients }, () => connectHttp(host, port)))
  connected.set(name, known)
  return known
}

const run = async (order: Extract<ReaderOrder, { kind: 'run' }>): Promise<ReaderReport> => {
  const asked = lists.get(order.list)
  if (!asked) throw new Error(`There is no list ${order.list}.`)
  const ready = await clientsOf(order.host, order.port, order.clients)
  const statuses: Record<number, number> = {}
  const latencies: number[] = []
  let started = 0
  const from = performance.now()
  const isOver = 'count' in order ? () => started === order.count : () => performance.now() - from >= order.seconds * 1000
  const drive = ({ send }: Client) =>
    new Promise<void>((resolve) => {
      const again = () => {
        if (isOver()) {
          resolve()
          return
        }
        started += 1
        const request = asked.requests[asked.next % asked.requests.length] ?? ''
        asked.next += 1
        const sent = performance.now()
        send(request, (status, head) => {
          latencies.push(performance.now() - sent)
          const heard = order.fresh && head.includes(KEPT) ? NOT_FRESH : status
          statuses[heard] = (statuses[heard] ?? 0) + 1
          again()
        })
      }
      again()
    })
  await Promise.all(ready.map(drive))
  const seconds = (performance.now() - from) / 1000
  const sorted = Float64Array.from(latencies).toSorted()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { statuses, p50_ms: at(0.5), p99_ms: at(0.99), seconds }
}

const obey = async (order: ReaderOrder): Promise<ReaderReport | undefined> => {
  if (order.kind === 'run') return run(order)
  lists.set(order.name, { requests: order.requests, next: 0 })
  return undefined
}

process.on('message', (order: ReaderOrder) => {
  void obey(order).then((report) => process.send?.(report ?? null))
})
process.on('disconnect', () => process.exit())
