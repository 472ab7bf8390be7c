import type { FastifyRequest } from 'fastify'

const MAX_USER_AGENT = 300

/** `key` is what a browser's device cookie holds. */
export type Device = { user_agent: string | null; ip: string | null; key?: string | undefined }

/** What a sign-in is known by to its owner. */
export const deviceOf = (request: FastifyRequest): Device => ({
  user_agent: request.headers['user-agent']?.slice(0, MAX_USER_AGENT) ?? null,
  ip: request.ip,
})
