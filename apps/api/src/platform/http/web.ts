import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

import type { Locale } from '../i18n.ts'
import { contentSecurityPolicy, STRIPE_ORIGINS } from './web-policy.ts'

/** The first picture, which the app takes over when it wakes up, and what it must know to paint the same. */
export type Picture = { html: string; now: number; cinema: string | undefined }
/** What the server writes into a page before the app wakes up. `head`, `state` and the picture are markup, escaped by who wrote them. */
export type Shell = { locale: Locale; head: string; state: string; picture?: Picture | undefined }

const FONT = /^assets\/(manrope|unbounded)-(latin|cyrillic)-(?!ext)[\w-]+\.woff2$/
/** A name that changes with what is in the file. */
const HASHED = /^assets\/.+-[\w-]{8}\.\w+$/
/** A service worker fetches under the policy that came with its own file, and the page it keeps opens under the one that came with that. */
const GOVERNED = /^(sw\.js|shell\.html)$/
const FOREVER = 'public, max-age=31536000, immutable'
const ASK = 'public, max-age=0, must-revalidate'
const DERIVED = /(^index\.html|\.br|\.gz|\.map)$/

const filesOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
    .filter((file) => !DERIVED.test(file) && !file.split('/').some((part) => part.startsWith('.')))

/** Latin is always needed, for its digits; the big letters of titles come in one alphabet. */
const fontsFor = (files: string[], locale: Locale): string[] =>
  files.filter((file) => {
    const [, family, alphabet] = FONT.exec(file) ?? []
    if (!family) return false
    return locale === 'en' ? alphabet === 'latin' : family === 'manrope' || alphabet === 'cyrillic'
  })

const ROOT = '<div id="root"></div>'
/** Folders with a dot are not served: this bundle is for the server itself. */
const PAINTER = '.server/server.js'

const writeRoot = ({ html, now, cinema }: Picture, locale: Locale): string => {
  const chosen = cinema === undefined ? '' : ` data-cinema="${cinema}"`
  return `<div id="root" data-language="${locale}" data-now="${now}"${chosen}>${html}</div>`
}

const insertBefore = (page: string, mark: string, text: string) => {
  const at = page.lastIndexOf(mark)
  return at < 0 ? page + text : page.slice(0, at) + text + page.slice(at)
}

type Options = { root: string; assetBase: string | undefined; paymentProvider?: string | undefined }

/**
 * The built web app, read once: its page with room for a head, and its files. Undefined when nobody built it. With an
 * asset base the page asks for hashed files there; all others stay on this server.
 */
export const readWeb = ({ root, assetBase, paymentProvider }: Options) => {
  const path = join(root, 'index.html')
  if (!existsSync(path)) return undefined
  const base = assetBase?.replace(/\/$/, '') ?? ''
  const built = readFileSync(path, 'utf8')
  const files = filesOf(root)
  const page = built
    .replaceAll(/(\s(?:src|href)=["'])\.?\/(assets\/)/g, (_, before: string, asset: string) => `${before}${base}/${asset}`)
    .replace(/<title>[\s\S]*?<\/title>\s*/i, '')
    .replaceAll(/<meta[^>]+name=["']?description["']?[^>]*>\s*/gi, '')
  const fontLinks = (locale: Locale) =>
    fontsFor(files, locale)
      .map((file) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="${base}/${file}">`)
      .join('\n    ')

  const write = ({ locale, head, state, picture }: Shell): string => {
    const spoken = page
      .replace(/<html\b[^>]*>/i, `<html lang="${locale}">`)
      .replace(ROOT, (empty) => (picture ? writeRoot(picture, locale) : empty))
    return insertBefore(insertBefore(spoken, '</head>', `${head}\n    ${fontLinks(locale)}\n  `), '</body>', state)
  }

  const policy = contentSecurityPolicy(built, base, paymentProvider === 'stripe' ? STRIPE_ORIGINS : undefined)

  const register = async (app: FastifyInstance) => {
    await app.register(fastifyStatic, { root, serve: false, preCompressed: true, cacheControl: false })
    for (const file of files)
      app.get(`/${file}`, { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
        reply
          .header('cache-control', HASHED.test(file) ? FOREVER : ASK)
          // A network of caches in front fetches these for pages of this server.
          .header('access-control-allow-origin', '*')
          .header('cross-origin-resource-policy', 'cross-origin')
          .headers(GOVERNED.test(file) ? { 'content-security-policy': policy } : {})
          .sendFile(file),
      )
  }

  return { write, register, policy, painter: join(root, PAINTER) }
}
export type Web = NonNullable<ReturnType<typeof readWeb>>
