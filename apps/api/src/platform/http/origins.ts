import type { FastifyRequest } from 'fastify'

import type { Config } from '../config.ts'

export type Origins = Pick<Config, 'PUBLIC_URL' | 'CORS_ORIGINS'>

/** Whether a page of this origin is ours: the public address, a listed one, or the very host that is asked. */
export const createOriginCheck = ({ PUBLIC_URL, CORS_ORIGINS }: Origins) => {
  const known = new Set([new URL(PUBLIC_URL).origin, ...CORS_ORIGINS])
  return (origin: string, request: FastifyRequest): boolean =>
    known.has(origin) || (URL.canParse(origin) && new URL(origin).host === request.host)
}
