import { createConnection } from 'node:net'

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

/** One kept-alive connection, one request at a time: next to nothing between the sockets and the caller. */
export const connectHttp = (host: string, port: number) =>
  new Promise<{ send: (request: string, heard: Heard) => void }>((resolve, reject) => {
    let heard: Heard | undefined
    let text = ''
    const socket = createConnection({ host, port, noDelay: true })
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('close', () => heard?.(0))
    socket.on('data', (chunk) => {
      text += String(chunk)
      if (endOf(text) === undefined) return
      const status = Number(text.slice(9, 12))
      text = ''
      const tell = heard
      heard = undefined
      tell?.(status)
    })
    socket.on('connect', () => {
      resolve({
        send: (request, callback) => {
          heard = callback
          socket.write(request, 'latin1')
        },
      })
    })
  })
