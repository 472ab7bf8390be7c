import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { translate } from '../db/kysely.ts'
import { AppError } from '../errors.ts'
import { toFieldErrors } from './field-errors.ts'
import { problemTitle } from './schemas.ts'

const PARSER_ERRORS: Record<string, [status: number, code: string, detail: string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'request.not_json', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'request.empty_body', 'The body is empty.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'request.content_length', 'The body is not as long as announced.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'request.media_type',
    'This address takes no body of this media type; most take application/json.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'request.too_large', 'The body is larger than this address takes.'],
  FST_ERR_BAD_URL: [400, 'request.bad_url', 'The address cannot be read.'],
  FST_ERR_ASYNC_CONSTRAINT: [400, 'request.bad_url', 'The address cannot be read.'],
}

const UNSTORABLE_TEXT = new Set(['22021', '22P02', '22P05'])

/** Every failure as the API's own kind; whatever is left over is a bug. */
const toAppError = (error: unknown): AppError | undefined => {
  const known = translate(error)
  if (known instanceof AppError) return known
  const { code = '', validation, statusCode } = known as Partial<FastifyError>
  if (validation) {
    const errors = toFieldErrors(validation)
    return new AppError(422, 'request.invalid', 'The request does not fit its description.', { errors })
  }
  const parser = PARSER_ERRORS[code]
  if (parser) return new AppError(...parser)
  if (UNSTORABLE_TEXT.has(code))
    return new AppError(422, 'request.unstorable_text', 'A text contains characters that cannot be stored.')
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return new AppError(statusCode, 'request.bad', 'The request cannot be read.')
  return undefined
}

declare module 'fastify' {
  interface FastifyReply {
    /** The code of the problem that was answered, for the metrics. */
    problem?: string
  }
}

const send = (request: FastifyRequest, reply: FastifyReply, { status, code, message, data }: AppError) => {
  const retryAfter = data['retry_after']
  if (typeof retryAfter === 'number') reply.header('retry-after', retryAfter)
  reply.problem = code
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  const body = {
    type: 'about:blank',
    title: problemTitle(status),
    status,
    detail: message,
    code,
    request_id: request.id,
    ...data,
  }
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(body)
}

const BROKEN: Record<string, [status: number, code: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'request.headers_too_large', 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request.timeout', 'The request did not arrive in time.'],
}
const UNREADABLE = [
  400,
  'request.unreadable',
  'This is not a request that can be read; addresses must be percent-encoded.',
] as const

/** What never became a request: there is only a socket to answer on. */
export const answerBrokenRequest = (error: Error & { code?: string }, socket: Socket) => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error)
    return
  }
  const [status, code, detail] = BROKEN[error.code ?? ''] ?? UNREADABLE
  const body = JSON.stringify({
    type: 'about:blank',
    title: problemTitle(status),
    status,
    detail,
    code,
    request_id: randomUUID(),
  })
  const head = [
    `HTTP/1.1 ${status} ${problemTitle(status)}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`)
}

const BUG = new AppError(500, 'server.error', 'Something went wrong on our side. It has been logged.')

export const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
  const expected = toAppError(error)
  if (!expected) request.log.error({ err: error }, 'request failed')
  return send(request, reply, expected ?? BUG)
}

export const answerProblems = (app: FastifyInstance) => {
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, new AppError(404, 'request.no_such_route', 'There is nothing at this address.')),
  )
}
