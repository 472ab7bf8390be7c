import { createConnection, type Socket } from 'node:net'

type Heard = (status: number, head: string) => void

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: (\d+)/i

/** The head of an answer that has come as a whole; undefined while it has not. */
const headOf = (text: string): string | undefined => {
  const end = text.indexOf(HEAD_END)
  if (end === -1) return undefined
  const head = text.slice(0, end)
  return text.length >= end + HEAD_END.length + Number(LENGTH.exec(head)?.[1] ?? 0) ? head : undefined
}

/**
 * One kept-alive connection, one request at a time: next to nothing between the sockets and the caller. Servers close what
 * has been idle for a minute or so, as between two rounds; then the next request opens it again.
 */
export const connectHttp = async (host: string, port: number): Promise<{ send: (request: string, heard: Heard) => void }> => {
  let heard: Heard | undefined
  let text = ''
  let open: Socket | undefined

  const hear = (status: number, head: string) => {
    text = ''
    const tell = heard
    heard = undefined
    tell?.(status, head)
  }

  const connect = () =>
    new Promise<void>((resolve, reject) => {
      const socket = createConnection({ host, port, noDelay: true })
      socket.setEncoding('latin1')
      socket.on('error', reject)
      socket.on('close', () => {
        open = undefined
        hear(0, '')
      })
      socket.on('data', (chunk) => {
        text += String(chunk)
        const head = headOf(text)
        if (head !== undefined) hear(Number(head.slice(9, 12)), head)
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
