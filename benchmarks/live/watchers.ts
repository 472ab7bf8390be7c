/** Watchers of one session: their own process. Frames are read by hand, so that it is not this side that is measured. */
import { createConnection, type Socket } from 'node:net'

export type WatchOrder = { host: string; port: number; session: number; count: number }
/** `ready`: everyone has the map. `told`: everyone has this delta, the last one at this moment. */
export type WatchReport = { kind: 'ready'; version: number } | { kind: 'told'; version: number; last_ms: number; bytes: number }

const PING = 9
const TEXT = 1
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0])
const VERSION = /"version":(\d+)/
const HEAD_END = '\r\n\r\n'

type Hear = (opcode: number, payload: Buffer) => void

/** Takes whole frames off the front; returns what is left. What a server sends is never masked. */
const takeFrames = (buffer: Buffer, hear: Hear): Buffer => {
  let rest = buffer
  for (;;) {
    if (rest.length < 2) return rest
    const short = (rest[1] ?? 0) & 0x7f
    const head = short < 126 ? 2 : short === 126 ? 4 : 10
    if (rest.length < head) return rest
    const length = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2))
    if (rest.length < head + length) return rest
    hear((rest[0] ?? 0) & 0x0f, rest.subarray(head, head + length))
    rest = rest.subarray(head + length)
  }
}

const open = ({ host, port, session }: WatchOrder, hear: (text: string, bytes: number) => void): Socket => {
  const socket = createConnection({ host, port, noDelay: true })
  let isOpen = false
  let rest: Buffer = Buffer.alloc(0)
  const onFrame: Hear = (opcode, payload) => {
    if (opcode === PING) socket.write(PONG)
    if (opcode === TEXT) hear(payload.toString('latin1', 0, 60), payload.length)
  }
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (!isOpen) {
      const end = rest.indexOf(HEAD_END)
      if (end === -1) return
      if (!rest.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) throw new Error(rest.toString('latin1', 0, 300))
      isOpen = true
      rest = rest.subarray(end + HEAD_END.length)
    }
    rest = takeFrames(rest, onFrame)
  })
  socket.on('close', () => {
    throw new Error('A watcher was closed.')
  })
  socket.write(
    `GET /api/v1/sessions/${session}/live HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n\r\n`,
  )
  return socket
}

const report = (told: WatchReport) => process.send?.(told)

const watch = (order: WatchOrder) => {
  const counts = new Map<number, number>()
  let ready = 0
  const hear = (text: string, bytes: number) => {
    const version = Number(VERSION.exec(text)?.[1])
    if (text.startsWith('{"type":"snapshot"')) {
      ready += 1
      if (ready === order.count) report({ kind: 'ready', version })
      return
    }
    const count = (counts.get(version) ?? 0) + 1
    counts.set(version, count)
    if (count === order.count) report({ kind: 'told', version, last_ms: performance.timeOrigin + performance.now(), bytes })
  }
  for (let opened = 0; opened < order.count; opened += 1) open(order, hear)
}

process.on('message', watch)
process.on('disconnect', () => process.exit())
