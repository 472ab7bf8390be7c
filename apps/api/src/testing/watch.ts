import type { LiveMessage, LiveSeat, LiveSession, SeatState } from '@marquee/contract/realtime'
import { WebSocket } from 'ws'

import { eventually } from './processes.ts'

export type Seen = {
  states: Map<number, SeatState>
  version: number
  snapshots: number
  deltas: number
  /** Changes in the order in which they came. */
  changes: LiveSeat[][]
  sessions: LiveSession['status'][]
  gaps: number
  closed: number | undefined
}

const take = (seen: Seen, message: LiveMessage) => {
  if (message.type === 'session') {
    seen.sessions.push(message.status)
    return
  }
  if (message.type === 'snapshot') {
    seen.states = new Map(message.seats)
    seen.snapshots += 1
  } else {
    if (message.version !== seen.version + 1) seen.gaps += 1
    for (const [id, state] of message.seats) seen.states.set(id, state)
    seen.changes.push(message.seats)
    seen.deltas += 1
  }
  seen.version = message.version
}

type Options = { origin?: string; autoPong?: boolean; headers?: Record<string, string> }

/** Opens the map of a session over a real socket and keeps what a client would know. */
export const openMap = (port: number, session_id: number | string, { headers = {}, ...options }: Options = {}) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/sessions/${session_id}/live`, { ...options, headers })
  const seen: Seen = {
    states: new Map(),
    version: 0,
    snapshots: 0,
    deltas: 0,
    changes: [],
    sessions: [],
    gaps: 0,
    closed: undefined,
  }
  socket.on('message', (data) => take(seen, JSON.parse((data as Buffer).toString()) as LiveMessage))
  socket.on('close', (code) => (seen.closed = code))
  socket.on('error', () => undefined)
  return { socket, seen }
}

/** The same, once the first map has come. */
export const watchMap = async (port: number, session_id: number, options?: Options) => {
  const map = openMap(port, session_id, options)
  await eventually(
    () => map.seen,
    ({ snapshots }) => snapshots > 0,
  )
  return map
}
export type Watching = Awaited<ReturnType<typeof watchMap>>

/** How the server answers a request to speak WebSocket that it refuses. */
export const refusalOf = (port: number, path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.on('open', () => reject(new Error('The server accepts.')))
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    socket.on('error', () => undefined)
  })
