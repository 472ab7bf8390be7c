import { Agent, request } from 'node:http'

type Headers = Record<string, string>
// oxlint-disable-next-line typescript/no-explicit-any -- a proof says with its expectations what a body is
export type Reply = { status: number; body: any; headers: Record<string, string | string[] | undefined>; ms: number }

const PATIENCE_MS = 30_000

/** Real connections, kept alive: as many as there are requests at once. */
export const createHttp = () => {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: Infinity })

  /** Rejects when no answer comes; every answer that comes is returned. */
  const call = (origin: string, method: string, path: string, headers: Headers = {}, body?: object): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const started = performance.now()
      const payload = body === undefined ? undefined : JSON.stringify(body)
      const kind: Headers =
        payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }
      const sent = request(origin + path, { method, agent, headers: { ...headers, ...kind }, timeout: PATIENCE_MS }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          const isJson = reply.headers['content-type']?.includes('json') ?? false
          const ms = performance.now() - started
          resolve({ status: reply.statusCode ?? 0, body: isJson && text ? JSON.parse(text) : text, headers: reply.headers, ms })
        })
      })
      sent.on('timeout', () => sent.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)))
      sent.on('error', reject)
      sent.end(payload)
    })

  return { call, close: () => agent.destroy() }
}
