import type { IncomingMessage } from 'node:http'

import { normalizeIP } from '@fastify/rate-limit'
import fastifyWebsocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { AppError } from '../errors.ts'
import { createOriginCheck, type Origins } from './origins.ts'

/** Nobody has to say anything here. */
const MOST_HEARD_BYTES = 1024

const LIVE = /^\/api\/v1\/sessions\/[^/?]+\/live(\?|$)/

/** Everything else that asks for another protocol is answered in this one. */
export const isUpgrade = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && LIVE.test(url)

export const refusePlainRequest = async () => {
  throw new AppError(426, 'request.upgrade_needed', 'This address speaks WebSocket only.')
}

/** What counts as one sender: IPv6 by /64. */
export const addressOf = ({ ip }: FastifyRequest): string => normalizeIP(ip)

/** Lets the routes of this scope speak WebSocket; `close` says goodbye before the server stops listening. */
export const speakWebSocket = async (app: FastifyInstance, origins: Origins, close: () => Promise<void>) => {
  const isOurs = createOriginCheck(origins)
  app.addHook('preHandler', async (request) => {
    const { origin } = request.headers
    if (origin !== undefined && !isOurs(origin, request))
      throw new AppError(403, 'request.foreign_origin', 'Pages of this origin may not watch here.')
  })
  await app.register(fastifyWebsocket, {
    options: { maxPayload: MOST_HEARD_BYTES },
    // Broken frames and lost connections are the other side's business.
    errorHandler: (_error, socket) => socket.terminate(),
    preClose: close,
  })
}
