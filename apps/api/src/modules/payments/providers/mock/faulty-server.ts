import { setTimeout as sleep } from 'node:timers/promises'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Faults } from './faults.ts'
import type { CallFault, Operation } from './schemas.ts'

const HANG_MS = 30_000
const SLOW_MS = 3_000

export const failure = (statusCode: number, code: string) => Object.assign(new Error(code), { statusCode, code })
const hang = (ms = HANG_MS) => sleep(ms, undefined, { ref: false })

/** Faults before the effect stop the request; those after it wait for the ledger's answer and then spoil it. */
export const addFaults = (app: FastifyInstance, faults: Faults, operations: Record<string, Operation>) => {
  const struckLater = new WeakMap<FastifyRequest, CallFault>()
  app.addHook('preHandler', async (request, reply) => {
    const operation = operations[`${request.method} ${request.routeOptions.url}`]
    const fault = operation && faults.forCall(operation)
    if (fault?.kind === 'error_500') throw failure(500, 'internal')
    if (fault?.kind === 'rate_limit_429') throw failure(429, 'rate_limited')
    if (fault?.kind === 'timeout_before') {
      reply.hijack()
      await hang(fault.ms)
      request.raw.socket.destroy()
      return reply
    }
    if (fault) struckLater.set(request, fault)
    return undefined
  })
  app.addHook('onSend', async (request, _reply, payload) => {
    const fault = struckLater.get(request)
    if (fault?.kind === 'slow') await sleep(fault.ms ?? SLOW_MS)
    if (fault?.kind === 'timeout_after') await hang(fault.ms)
    if (fault?.kind === 'timeout_after') request.raw.socket.destroy()
    if (fault?.kind === 'reset') request.raw.socket.resetAndDestroy()
    return payload
  })
}
