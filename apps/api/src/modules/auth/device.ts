import type { FastifyRequest } from 'fastify'

const MAX_USER_AGENT = 300

export type Device = { user_agent: string | null; ip: string | null }

/** What a sign-in is known by to its owner. */
export const deviceOf = (request: FastifyRequest): Device => ({
  user_agent: request.headers['user-agent']?.slice(0, MAX_USER_AGENT) ?? null,
  ip: request.ip,
})
