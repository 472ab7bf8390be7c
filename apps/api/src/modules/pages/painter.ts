import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

import { LRUCache } from 'lru-cache'

import type { Locale } from '#platform/i18n.ts'
import type { Log } from '#platform/log.ts'
import { createAllowance } from './rules.ts'

/** What a first picture is made of; the browser finds the same in the page. `answers` is the text of a JSON object. */
export type Wanted = { address: string; language: Locale; now: number; cinema: string | undefined; answers: string }
type Paint = (asked: Omit<Wanted, 'answers'> & { answers: unknown }) => Promise<string>

const MOST_CHARACTERS = 2_000_000
/** Painting may take a fifth of this thread, and a second at once; pages beyond that paint themselves. */
const SHARE = 0.2
const MOST_AT_ONCE_MS = 1000

const paints = (bundle: unknown): bundle is { paint: Paint } =>
  typeof bundle === 'object' && bundle !== null && 'paint' in bundle && typeof bundle.paint === 'function'

const load = async (file: string): Promise<Paint> => {
  const bundle: unknown = await import(pathToFileURL(file).href)
  if (!paints(bundle)) throw new Error(`${file} paints nothing.`)
  return bundle.paint
}

/**
 * Paints pages with the web app itself, from its bundle at this path; undefined where there is none, where painting fails
 * or has taken enough of this thread for now: then the browser does it, as it does for every other page.
 */
export const createPainter = ({ file, log }: { file: string; log: Log }) => {
  const allowance = createAllowance({ share: SHARE, most_ms: MOST_AT_ONCE_MS })
  let loading: Promise<Paint> | undefined
  let isTold = false
  const tell = (error: unknown) => {
    if (!isTold) log.warn({ err: error }, 'the server cannot paint pages, browsers do it; said once')
    isTold = true
  }

  const pictures = new LRUCache<string, string, Wanted>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (html) => html.length + 1,
    fetchMethod: async (_key, _stale, { context: wanted }) => {
      loading ??= load(file)
      const paint = await loading
      if (!allowance.isLeft(performance.now())) return undefined
      const started = performance.now()
      try {
        return await paint({ ...wanted, answers: JSON.parse(wanted.answers) })
      } finally {
        allowance.spend(started, performance.now())
      }
    },
  })

  return async (wanted: Wanted): Promise<string | undefined> => {
    const { address, language, now, cinema, answers } = wanted
    const key = createHash('sha1').update([address, language, now, cinema, answers].join('\0')).digest('base64url')
    try {
      return await pictures.fetch(key, { context: wanted })
    } catch (error) {
      tell(error)
      return undefined
    }
  }
}
export type Painter = ReturnType<typeof createPainter>

/** No bundle, no painter: a web app that was built before there was one. */
export const painterAt = (file: string, log: Log): Painter | undefined => {
  if (existsSync(file)) return createPainter({ file, log })
  log.warn({ file }, 'the web app was built without a painter, browsers paint its pages')
  return undefined
}
