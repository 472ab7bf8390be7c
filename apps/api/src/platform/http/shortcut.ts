import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

import proxyAddr from '@fastify/proxy-addr'

import type { Entry } from './catalogue-cache.ts'
import type { LimitAddress } from './limits.ts'
import type { Answered } from './metrics.ts'
import { requestIdOf } from './request-id.ts'

/** Who signs in, comes from another origin, sends a body or asks for a part is answered by the framework. */
const OTHERS = ['authorization', 'origin', 'content-length', 'transfer-encoding', 'range', 'expect'] as const

type Cache = { find: (url: string) => Entry | undefined; hit: (entry: Entry, headers: IncomingMessage['headers']) => Hit }
type Hit = { status: 200 | 304; lines: string[]; bytes: Buffer | undefined }
type Parts = {
  limitAddress: LimitAddress
  note: (request_id: string, answered: Answered) => void
  addressOf: (request: IncomingMessage) => string
}

/** Whose request it is, when only these proxies are believed. */
export const addressesBehind = (trusted: string[]) => {
  const isTrusted = proxyAddr.compile(trusted)
  return (request: IncomingMessage): string => proxyAddr(request, isTrusted)
}

/**
 * Answers what is kept as bytes before the framework looks at the request: its hooks cost several times as much as the
 * answer. The sender is counted, the request is logged and measured, and the headers are those of the framework's answer.
 */
export const createShortcut = (cache: Cache) => {
  let opened: Parts | undefined

  const find = (request: IncomingMessage): Entry | undefined => {
    if (request.method !== 'GET' || OTHERS.some((name) => request.headers[name] !== undefined)) return undefined
    return cache.find(request.url ?? '')
  }

  const answer = async (
    entry: Entry,
    parts: Parts,
    request: IncomingMessage,
    response: ServerResponse,
    next: RequestListener,
  ) => {
    const started = performance.now()
    const allowance = await parts.limitAddress(parts.addressOf(request))
    if (!allowance) {
      next(request, response)
      return
    }
    const { status, lines, bytes } = cache.hit(entry, request.headers)
    const request_id = requestIdOf(request)
    response.writeHead(status, [...lines, ...allowance, 'x-request-id', request_id])
    response.end(bytes)
    parts.note(request_id, { method: 'GET', route: entry.route, status, ms: performance.now() - started })
  }

  return {
    wrap:
      (next: RequestListener): RequestListener =>
      (request, response) => {
        const entry = opened && find(request)
        if (!opened || !entry) {
          next(request, response)
          return
        }
        void answer(entry, opened, request, response, next)
      },
    open: (given: Parts) => {
      opened = given
    },
    /** From now on the framework answers everything, as it does while the server goes down. */
    close: () => {
      opened = undefined
    },
  }
}
