import type { FastifyInstance } from 'fastify'

import type { Storage } from '../storage.ts'
import { isKnown } from './etag.ts'

const CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"
const NAME = /^[\w-]{43}\.webp$/
/** What a person takes away is gone from caches within the hour. */
const CACHE_CONTROL = 'public, max-age=3600'

/** Pictures of people at /media/avatars. A name cannot be guessed and never means another picture. */
export const registerAvatars = async (app: FastifyInstance, { storage }: { storage: Storage }) => {
  app.get<{ Params: { name: string } }>(
    '/media/avatars/:name',
    { schema: { hide: true }, compress: false },
    async ({ headers, params: { name } }, reply) => {
      const bytes = NAME.test(name) ? await storage.read(`avatars/${name}`) : undefined
      if (!bytes) return reply.callNotFound()
      const etag = `"${name.slice(0, 43)}"`
      reply.headers({
        'cache-control': CACHE_CONTROL,
        'content-security-policy': CSP,
        'content-disposition': 'inline',
        'cross-origin-resource-policy': 'cross-origin',
        etag,
      })
      if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send()
      return reply.type('image/webp').send(bytes)
    },
  )
}
