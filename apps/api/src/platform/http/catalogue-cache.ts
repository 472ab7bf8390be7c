import type { IncomingHttpHeaders } from 'node:http'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { Negotiator } from '@fastify/accept-negotiator'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'

import type { DatabaseHandle } from '../db/pool.ts'
import { varyByEncoding } from './compression.ts'
import { etagOf, isKnown, variantOf } from './etag.ts'
import { problems } from './schemas.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `read`: the same for everybody until the catalogue changes, and kept as bytes. `write`: changes the catalogue.
     * `touch`: changes something else that the catalogue shows.
     */
    catalogue?: 'read' | 'write' | 'touch'
  }
  interface FastifyRequest {
    catalogueAge?: number
  }
}

/** What triggers on the catalogue's tables say after each commit. */
export const CATALOGUE_CHANNEL = 'catalogue_changed'

const MAX_BYTES = 64 * 1024 * 1024
const MIN_COMPRESSED_BYTES = 1024
/** Node sends a head and a short string in one write, and a longer one more slowly than bytes. */
const MAX_ONE_WRITE_BYTES = 8 * 1024
const ENCODINGS = ['br', 'gzip']
/** Caches may keep an answer and must ask whether it still holds; that question costs no database. */
const CACHE_CONTROL = 'public, max-age=0, must-revalidate'

const encoders: Record<string, (bytes: Buffer) => Buffer> = {
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes) => gzipSync(bytes),
}

type Headers = Record<string, string | number>
/** The same answer as Node sends it fastest: headers as one list of names and values, a short body as a text of single bytes (latin1). */
export type Ready = { status: 200 | 304; lines: string[]; sent: Buffer | string | undefined }
type Whole = { status: 200; headers: Headers; bytes: Buffer; ready?: Ready }
type Unchanged = { status: 304; headers: Headers; bytes: undefined; ready?: Ready }
/** An answer in one encoding, whole, and as it is told to somebody who has it already. */
type Form = { whole: Whole; unchanged: Unchanged }
export type Entry = { age: number; route: string; etag: string; headers: Headers; bytes: Buffer; forms: Map<string, Form> }

/** What belongs to one request, and not to the answer that is kept. */
const OF_ONE_REQUEST = /^(x-request-id|x-cache|content-length|content-encoding|etag|ratelimit-.*|access-control-.*|set-cookie)$/

const keptHeaders = (reply: FastifyReply): Headers =>
  Object.fromEntries(
    Object.entries(reply.getHeaders())
      .filter(([name]) => !OF_ONE_REQUEST.test(name))
      .map(([name, value]) => [name, String(value)]),
  )

/** Browsers send the same few wishes again and again. */
const encodings = new Negotiator({ supportedValues: ENCODINGS, cache: new LRUCache<string, string>({ max: 100 }) })

const encodingFor = ({ 'accept-encoding': accepted }: IncomingHttpHeaders, { bytes }: Entry): string | undefined => {
  if (typeof accepted !== 'string' || bytes.length < MIN_COMPRESSED_BYTES) return undefined
  return encodings.negotiate(accepted) ?? undefined
}

/** Made when an answer is asked for again: most of what is read once is never asked for twice. */
const readyOf = ({ status, headers, bytes }: Whole | Unchanged): Ready => ({
  status,
  lines: Object.entries<string | number>({ ...headers, 'x-cache': 'hit' }).flatMap(([name, value]) => [name, String(value)]),
  sent: bytes && bytes.length <= MAX_ONE_WRITE_BYTES ? bytes.toString('latin1') : bytes,
})

const makeForm = (entry: Entry, encoding: string | undefined): Form => {
  const encode = encoding && encoders[encoding]
  const bytes = encode ? encode(entry.bytes) : entry.bytes
  const headers = { ...entry.headers, etag: variantOf(entry.etag, encoding) }
  const ofBytes = { ...(encoding && { 'content-encoding': encoding }), 'content-length': bytes.length }
  return {
    whole: { status: 200, headers: { ...headers, ...ofBytes }, bytes },
    unchanged: { status: 304, headers, bytes: undefined },
  }
}

const formOf = (entry: Entry, encoding: string | undefined): Form => {
  const known = entry.forms.get(encoding ?? '')
  if (known) return known
  const form = makeForm(entry, encoding)
  entry.forms.set(encoding ?? '', form)
  return form
}

const formFor = (entry: Entry, headers: IncomingHttpHeaders): Form => formOf(entry, encodingFor(headers, entry))

/** The answer to a request with these headers; without bytes when its sender has them already. */
const answerTo = (entry: Entry, headers: IncomingHttpHeaders): Whole | Unchanged => {
  const { whole, unchanged } = formFor(entry, headers)
  return isKnown(headers['if-none-match'], entry.etag) ? unchanged : whole
}

const ifMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The ETag that was read; another state is 412.' })),
})
const unchanged = { description: 'Unchanged since the ETag given as If-None-Match', type: 'null' }

/** What is kept is answered to everybody: nothing of it may depend on who asks. */
const requireOpen = ({ url, config }: RouteOptions) => {
  if (config?.catalogue !== 'read' || ['anyone', 'public', undefined].includes(config.access)) return
  throw new Error(`${url} keeps answers that are not for everybody.`)
}

/** Says in the API document what conditional requests are answered. */
const describe = ({ url, config, schema }: RouteOptions) => {
  if (!config?.catalogue || config.catalogue === 'touch' || !schema?.response) return
  if (config.catalogue === 'read') Object.assign(schema.response, { 304: unchanged })
  if (config.catalogue === 'read' || !url.endsWith('/:id')) return
  Object.assign(schema.response, problems(412))
  schema.headers ??= ifMatch
}

/**
 * Answers of the catalogue as bytes, by address. One number says how old the catalogue is; whatever was read before
 * the last change is not answered again. Changes of other processes are heard through the database: while nothing can
 * be heard, nothing is kept.
 */
export const createCatalogueCache = () => {
  const entries = new LRUCache<string, Entry>({ maxSize: MAX_BYTES, sizeCalculation: ({ bytes }) => bytes.length + 500 })
  let age = 0
  let hears = false
  let stop: (() => Promise<void>) | undefined
  const counts = { hits: 0, misses: 0 }
  const grow = () => {
    age += 1
  }

  const find = (url: string): Entry | undefined => {
    const entry = hears ? entries.get(url) : undefined
    return entry?.age === age ? entry : undefined
  }

  const answerKept = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.routeOptions.config.catalogue !== 'read' || request.method !== 'GET') return undefined
    const entry = find(request.url)
    if (!entry) {
      counts.misses += 1
      // Read before the handler asks the database: a change that comes in between makes the answer too old to keep.
      request.catalogueAge = age
      return undefined
    }
    counts.hits += 1
    const { status, headers, bytes } = answerTo(entry, request.headers)
    return reply.code(status).headers(headers).header('x-cache', 'hit').send(bytes)
  }

  const tag = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const { catalogue } = request.routeOptions.config
    if (catalogue && catalogue !== 'touch' && reply.statusCode < 300 && payload !== null) reply.header('etag', etagOf(payload))
    return payload
  }

  /** Those who shared a reading share what is kept of it: its bytes, and its packed forms, of which each costs a millisecond. */
  let latest: { payload: string | Buffer; entry: Entry } | undefined
  const entryOf = (route: string, payload: string | Buffer, reply: FastifyReply): Entry => {
    const etag = String(reply.getHeader('etag'))
    const { entry } = latest ?? {}
    if (entry?.age === age && entry.route === route && entry.etag === etag && latest?.payload === payload) return entry
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    const made = { age, route, etag, headers: keptHeaders(reply), bytes, forms: new Map() }
    latest = { payload, entry: made }
    return made
  }

  const keep = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const { config, url: route = '' } = request.routeOptions
    if (config.catalogue && config.catalogue !== 'read' && reply.statusCode < 400) grow()
    if (config.catalogue !== 'read' || reply.statusCode !== 200 || reply.getHeader('x-cache') === 'hit') return payload
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload
    const isToKeep = hears && request.catalogueAge === age && reply.getHeader('cache-control') === undefined
    reply.header('cache-control', CACHE_CONTROL)
    varyByEncoding(reply)
    const entry = entryOf(route, payload, reply)
    if (isToKeep) entries.set(request.url, entry)
    const { status, headers, bytes } = answerTo(entry, request.headers)
    reply.code(status).headers(headers)
    // HEAD takes the length from what it is given, and sends nothing of it.
    return bytes ?? (request.method === 'HEAD' ? formFor(entry, request.headers).whole.bytes : null)
  }

  return {
    find,
    /** Counts and answers one more request for what was found. */
    hit: (entry: Entry, headers: IncomingHttpHeaders): Ready => {
      counts.hits += 1
      const answer = answerTo(entry, headers)
      return (answer.ready ??= readyOf(answer))
    },
    register: (app: FastifyInstance) => {
      app.decorateRequest('catalogueAge', undefined)
      app.addHook('onRoute', requireOpen)
      app.addHook('onRoute', describe)
      app.addHook('onRequest', answerKept)
      app.addHook('preSerialization', tag)
      app.addHook('onSend', keep)
    },
    /** Begins to hear of changes, and with that to keep answers. */
    open: async ({ listen }: Pick<DatabaseHandle, 'listen'>) => {
      stop = await listen(CATALOGUE_CHANNEL, {
        hint: grow,
        hears: (isConnected) => {
          grow()
          hears = isConnected
        },
      })
    },
    close: async () => stop?.(),
    stats: () => ({ ...counts, bytes: entries.calculatedSize ?? 0 }),
  }
}
