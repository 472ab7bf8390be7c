import fastifyCompress from '@fastify/compress'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Below this the headers weigh as much as what is saved. */
const THRESHOLD_BYTES = 1024
/** For answers of a few KiB gzip costs half of what brotli does. */
const ENCODINGS: ('br' | 'gzip')[] = ['gzip', 'br']
const SECRET = /\/(auth|guests)(\/|$)/

/** A cache must know that this answer has other forms, also when it is asked for the plain one first. */
export const varyByEncoding = (reply: FastifyReply) => {
  const vary = String(reply.getHeader('vary') ?? '')
  if (!/accept-encoding/i.test(vary)) reply.header('vary', vary ? `${vary}, accept-encoding` : 'accept-encoding')
}

const isJson = (reply: FastifyReply) => String(reply.getHeader('content-type')).startsWith('application/json')

/**
 * Compresses long answers to GET. Answers to anything else may carry tokens beside what the sender chose, and the length
 * of a compressed answer would betray them (BREACH).
 */
export const compressAnswers = async (app: FastifyInstance) => {
  app.addHook('onRoute', (route) => {
    if (route.method !== 'GET' || SECRET.test(route.url)) route.compress = false
  })
  await app.register(fastifyCompress, { encodings: ENCODINGS, threshold: THRESHOLD_BYTES, globalDecompression: false })
  app.addHook('onSend', (request, reply, payload, done) => {
    const isText = typeof payload === 'string' || (Buffer.isBuffer(payload) && isJson(reply))
    const isLong = isText && payload.length >= THRESHOLD_BYTES
    if (isLong && request.method === 'GET' && !SECRET.test(request.routeOptions.url ?? '')) varyByEncoding(reply)
    done(null, payload)
  })
}
