import type { FastifyRequest } from 'fastify'

import type { Config } from '../config.ts'

export type Origins = Pick<Config, 'PUBLIC_URL' | 'CORS_ORIGINS'>

/** Where our pages are: the public address and the listed ones. */
export const knownOrigins = ({ PUBLIC_URL, CORS_ORIGINS }: Origins): ReadonlySet<string> =>
  new Set([new URL(PUBLIC_URL).origin, ...CORS_ORIGINS])

/** Whether a page of this origin is ours: the public address, a listed one, or the very host that is asked. */
export const createOriginCheck = (origins: Origins) => {
  const known = knownOrigins(origins)
  return (origin: string, request: FastifyRequest): boolean =>
    known.has(origin) || (URL.canParse(origin) && new URL(origin).host === request.host)
}
