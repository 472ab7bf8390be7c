import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { negotiate } from '@fastify/accept-negotiator'
import type { FastifyInstance } from 'fastify'

import { isKnown, variantOf } from './etag.ts'

const HASH_LENGTH = 8
/** A name carries the hash of what it names, so it never means anything else. */
const CACHE_CONTROL = 'public, max-age=31536000, immutable'
/** An SVG opened by itself is a page: this one may run nothing and load nothing. */
const CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"

const encoders: Record<string, (svg: Buffer) => Buffer> = {
  br: (svg) => brotliCompressSync(svg, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (svg) => gzipSync(svg),
}

type Poster = { etag: string; svg: Buffer; encoded: Map<string, Buffer> }

/** The posters of a folder by the name they are asked for; only these names exist. */
const readPosters = (folder: URL): Map<string, Poster> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.svg'))
      .map((file) => {
        const svg = readFileSync(new URL(file, folder))
        const hash = createHash('sha256').update(svg).digest('hex').slice(0, HASH_LENGTH)
        return [file.replace(/svg$/, `${hash}.svg`), { etag: `"${hash}"`, svg, encoded: new Map() }]
      }),
  )

const bytesOf = ({ svg, encoded }: Poster, encoding: string | undefined): Buffer => {
  const encode = encoding && encoders[encoding]
  if (!encode) return svg
  const bytes = encoded.get(encoding) ?? encode(svg)
  encoded.set(encoding, bytes)
  return bytes
}

/** The pictures of the demo at /media/posters, read when the first is asked for, each packed once. */
export const registerPosters = async (app: FastifyInstance, { folder }: { folder: URL }) => {
  let posters: Map<string, Poster> | undefined
  app.get<{ Params: { name: string } }>(
    '/media/posters/:name',
    { schema: { hide: true }, compress: false },
    async ({ headers, params }, reply) => {
      posters ??= readPosters(folder)
      const poster = posters.get(params.name)
      if (!poster) return reply.callNotFound()
      const accepted = headers['accept-encoding']
      const encoding = (typeof accepted === 'string' && negotiate(accepted, Object.keys(encoders))) || undefined
      reply.headers({
        'cache-control': CACHE_CONTROL,
        'content-security-policy': CSP,
        // Pages of other origins show posters too.
        'cross-origin-resource-policy': 'cross-origin',
        etag: variantOf(poster.etag, encoding),
        vary: [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '),
      })
      if (isKnown(headers['if-none-match'], poster.etag)) return reply.code(304).send()
      if (encoding) reply.header('content-encoding', encoding)
      return reply.type('image/svg+xml').send(bytesOf(poster, encoding))
    },
  )
}
