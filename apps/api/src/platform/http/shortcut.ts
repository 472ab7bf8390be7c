import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

import proxyAddr from '@fastify/proxy-addr'

import type { Answered } from '../answered.ts'
import type { Entry, Ready } from './catalogue-cache.ts'
import type { LimitAddress } from './limits.ts'
import { requestIdOf } from './request-id.ts'

/** Who signs in, comes from another origin, sends a body or asks for a part is answered by the framework. */
const OTHERS = ['authorization', 'origin', 'content-length', 'transfer-encoding', 'range', 'expect'] as const

type Cache = { find: (url: string) => Entry | undefined; hit: (entry: Entry, headers: IncomingMessage['headers']) => Ready }
type Parts = {
  limitAddress: LimitAddress
  note: (request_id: string, answered: Answered) => void
  addressOf: (request: IncomingMessage) => string
}

/** Whose request it is, when only these proxies are believed. */
export const addressesBehind = (trusted: string[]) => {
  if (trusted.length === 0) return ({ socket }: IncomingMessage): string => socket.remoteAddress ?? ''
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

  /** Whether it was; one who has spent the limit is answered by the framework. It waits for nothing on the way. */
  const isAnswered = (entry: Entry, parts: Parts, request: IncomingMessage, response: ServerResponse): boolean => {
    const started = performance.now()
    const allowance = parts.limitAddress(parts.addressOf(request))
    if (!allowance) return false
    const { status, lines, sent } = cache.hit(entry, request.headers)
    const request_id = requestIdOf(request)
    response.writeHead(status, [...lines, ...allowance, 'x-request-id', request_id])
    response.end(sent, 'latin1')
    parts.note(request_id, { method: 'GET', route: entry.route, status, ms: performance.now() - started })
    return true
  }

  return {
    wrap:
      (next: RequestListener): RequestListener =>
      (request, response) => {
        const entry = opened && find(request)
        if (!opened || !entry || !isAnswered(entry, opened, request, response)) next(request, response)
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
