import { createConnection, type Socket } from 'node:net'

type Heard = (status: number) => void

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: (\d+)/i

/** Where a whole answer ends in what has come so far; undefined while it has not all come. */
const endOf = (text: string): number | undefined => {
  const head = text.indexOf(HEAD_END)
  if (head === -1) return undefined
  const end = head + HEAD_END.length + Number(LENGTH.exec(text.slice(0, head))?.[1] ?? 0)
  return text.length >= end ? end : undefined
}

/**
 * One kept-alive connection, one request at a time: next to nothing between the sockets and the caller. Servers close what
 * has been idle for a minute or so, as between two rounds; then the next request opens it again.
 */
export const connectHttp = async (host: string, port: number): Promise<{ send: (request: string, heard: Heard) => void }> => {
  let heard: Heard | undefined
  let text = ''
  let open: Socket | undefined

  const hear = (status: number) => {
    text = ''
    const tell = heard
    heard = undefined
    tell?.(status)
  }

  const connect = () =>
    new Promise<void>((resolve, reject) => {
      const socket = createConnection({ host, port, noDelay: true })
      socket.setEncoding('latin1')
      socket.on('error', reject)
      socket.on('close', () => {
        open = undefined
        hear(0)
      })
      socket.on('data', (chunk) => {
        text += String(chunk)
        if (endOf(text) !== undefined) hear(Number(text.slice(9, 12)))
      })
      socket.on('connect', () => {
        open = socket
        resolve()
      })
    })

  await connect()
  return {
    send: (request, callback) => {
      heard = callback
      if (open) open.write(request, 'latin1')
      // What cannot be opened is heard as closed.
      else
        void connect().then(
          () => open?.write(request, 'latin1'),
          () => undefined,
        )
    },
  }
}
