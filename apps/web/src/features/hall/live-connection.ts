import type { LiveMessage } from '@marquee/contract/realtime'
import ReconnectingSocket from 'partysocket/ws'

import { heardServerTime } from '#features/orders/server-clock.ts'
import { judge, type LiveVersion } from './live.ts'
import type { SeatStore } from './seat-store.ts'

const NO_SUCH_SESSION = 4404

type Handlers = { onSession: () => void; onConnected: (connected: boolean) => void }

const address = (session_id: number) =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/sessions/${session_id}/live`

/** Keeps the seats as the server tells them until the returned function is called. A missed message starts again. */
export const watchHall = (session_id: number, store: SeatStore, { onSession, onConnected }: Handlers) => {
  const socket = new ReconnectingSocket(address(session_id), [], { minReconnectionDelay: 500, maxReconnectionDelay: 10_000 })
  let version: LiveVersion = null

  const hear = (message: LiveMessage) => {
    if (message.type === 'session') {
      onSession()
      return
    }
    const verdict = judge(version, message)
    if (verdict === 'drop') return
    if (verdict === 'gap') {
      version = null
      socket.reconnect()
      return
    }
    version = message.version
    if (message.type === 'snapshot') {
      heardServerTime(message.server_time)
      store.replace(message.seats)
      onConnected(true)
    } else store.apply(message.seats)
  }

  socket.addEventListener('message', ({ data }) => hear(JSON.parse(String(data)) as LiveMessage))
  socket.addEventListener('close', ({ code }) => {
    version = null
    onConnected(false)
    if (code === NO_SUCH_SESSION) socket.close()
  })
  return () => socket.close()
}
