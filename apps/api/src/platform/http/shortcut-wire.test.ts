import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { server } = await startTestApp()
await server.listen({ host: '127.0.0.1', port: 0 })
const { port } = server.server.address() as { port: number }

const KEPT = '/api/v1/genres'
const READ = '/health/live'

/** Sends these bytes, and answers with all that comes until the server hangs up or nothing has come for a while. */
const say = (bytes: string, quiet_ms = 300) =>
  new Promise<{ text: string; isClosed: boolean }>((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1').setTimeout(quiet_ms)
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.on('error', reject)
    socket.on('end', () => resolve({ text, isClosed: true }))
    socket.on('timeout', () => {
      socket.destroy()
      resolve({ text, isClosed: false })
    })
  })

const get = (path: string, id: string, { method = 'GET', version = '1.1', more = '' } = {}) =>
  `${method} ${path} HTTP/${version}\r\nHost: marquee.test\r\nX-Request-Id: ${id}\r\n${more}\r\n`
const idsIn = (text: string) => [...text.matchAll(/^x-request-id: (.*?)\r$/gim)].map(([, id]) => id)
const kept = async () => (await fetch(`http://127.0.0.1:${port}${KEPT}`)).headers.get('x-cache')
await kept()

test('requests that come in one breath are answered in their order, kept and read by turns', async () => {
  expect(await kept()).toBe('hit')
  const asked = Array.from({ length: 12 }, (_, at) => `request-${at}`)
  const { text } = await say(asked.map((id, at) => get(at % 3 === 1 ? READ : KEPT, id)).join(''))
  expect(idsIn(text)).toEqual(asked)
  expect([text.match(/HTTP\/1\.1 200 OK\r/g)?.length, text.match(/^x-cache: hit\r$/gm)?.length]).toEqual([12, 8])
})

test('a client of HTTP/1.0, or one that says goodbye, is answered and hung up on; others are kept', async () => {
  const old = await say(get(KEPT, 'request-old', { version: '1.0' }), 3000)
  const last = await say(get(KEPT, 'request-last', { more: 'Connection: close\r\n' }), 3000)
  for (const { text, isClosed } of [old, last]) {
    expect([isClosed, /^x-cache: hit\r$/m.test(text), /^connection: close\r$/im.test(text)]).toEqual([true, true, true])
    const length = Number(/^content-length: (\d+)\r$/im.exec(text)?.[1])
    expect(text.slice(text.indexOf('\r\n\r\n') + 4).length).toBe(length)
  }
  expect((await say(get(KEPT, 'request-next'))).isClosed).toBe(false)
})

test('HEAD and a tag that is known have no body, and what follows on the connection is whole', async () => {
  const tag = (await fetch(`http://127.0.0.1:${port}${KEPT}`)).headers.get('etag') ?? ''
  const { text } = await say(
    get(KEPT, 'request-head', { method: 'HEAD' }) +
      get(KEPT, 'request-known', { more: `If-None-Match: ${tag}\r\n` }) +
      get(KEPT, 'request-whole'),
  )
  expect(idsIn(text)).toEqual(['request-head', 'request-known', 'request-whole'])
  const [head = '', known = '', whole = ''] = text.split(/(?=HTTP\/1\.1 )/)
  expect([head, known].map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4))).toEqual(['', ''])
  expect([head, known, whole].map((answer) => answer.slice(9, 12))).toEqual(['200', '304', '200'])
  expect(JSON.parse(Buffer.from(whole.slice(whole.indexOf('\r\n\r\n') + 4), 'latin1').toString())).toHaveProperty('items')
})

test('clients that hang up before their answer disturb nobody', async () => {
  await Promise.all(
    Array.from(
      { length: 30 },
      () =>
        new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => {
            socket.write(get(KEPT, 'request-gone').repeat(20))
            socket.resetAndDestroy()
          })
          socket.on('error', () => undefined)
          socket.on('close', () => resolve())
        }),
    ),
  )
  await sleep(50)
  expect(await kept()).toBe('hit')
})
