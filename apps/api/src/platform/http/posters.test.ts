import { readdirSync, readFileSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { seedCatalogue } from '#seeds/catalogue.ts'
import movies from '#seeds/data/movies.json' with { type: 'json' }
import posters from '#seeds/data/posters.json' with { type: 'json' }
import { startTestApp } from '#testing/app.ts'

const FOLDER = new URL('../../../seeds/posters/', import.meta.url)
const MAX_BYTES = 60 * 1024
const svgOf = (slug: string) => readFileSync(new URL(`${slug}.svg`, FOLDER), 'utf8')
const address = (slug: string) => `/media/posters/${posters[slug as keyof typeof posters].file}`

const { anonymous, db, server } = await startTestApp()
const get = (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'GET', url, headers })

/** Whether tags close in the order in which they opened; enough for files that hold elements, quotes and one title. */
const isWellFormed = (svg: string): boolean => {
  const open: string[] = []
  const rest = svg.replaceAll(
    /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<&]*")*)\s*(\/?)>/g,
    (_, closing: string, name: string, __, empty: string) => {
      if (closing) return open.pop() === name ? '' : '<'
      if (!empty) open.push(name)
      return ''
    },
  )
  return open.length === 0 && !/[<>]|&(?!amp;|lt;)/.test(rest)
}

test('every film of the demo has its poster, and there is no other', () => {
  const slugs = movies.map(({ slug }) => slug).toSorted()
  expect(readdirSync(FOLDER).toSorted()).toEqual(slugs.map((slug) => `${slug}.svg`).toSorted())
  expect(Object.keys(posters).toSorted()).toEqual(slugs)
})

test.each(movies)('the poster of $title is one small picture of its own, which loads and runs nothing', ({ slug, title }) => {
  const svg = svgOf(slug)
  expect(Buffer.byteLength(svg)).toBeLessThan(MAX_BYTES)
  expect(isWellFormed(svg)).toBe(true)
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 600 900"/)
  expect(svg).toContain(`<title>${title}</title>`)
  expect(svg).not.toMatch(/<(text|script|image|style|foreignObject|a|use|animate|set)\b|href|\son\w+=|javascript:|<!|<\?/i)
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\((?!#)/)
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  const used = [...svg.matchAll(/url\(#(\w+)\)/g)].map(([, id]) => id)
  expect([...svg.matchAll(/\bid="(\w+)"/g)].map(([, id]) => id)).toEqual(used)
})

test('a poster is served for good, packed, and can do nothing when opened by itself', async () => {
  const plain = await get(address('dune'))
  expect(plain).toMatchObject({ statusCode: 200, body: svgOf('dune') })
  expect(plain.headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
  })
  expect(plain.headers['vary']).toContain('accept-encoding')
  for (const [encoding, unpack] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const) {
    const packed = await get(address('dune'), { 'accept-encoding': encoding })
    expect(packed.headers['content-encoding']).toBe(encoding)
    expect(unpack(packed.rawPayload).toString()).toBe(plain.body)
  }
  const again = await get(address('dune'), { 'if-none-match': String(plain.headers['etag']) })
  expect(again).toMatchObject({ statusCode: 304, body: '' })
  expect(await server.inject({ method: 'HEAD', url: address('dune') })).toMatchObject({ statusCode: 200, body: '' })
})

test('each film of the demo shows its own poster', async () => {
  await seedCatalogue(db)
  const { body } = await anonymous.get('/api/v1/movies?size=100')
  expect(body.items).toHaveLength(movies.length)
  for (const { title, poster_url } of body.items) expect((await get(poster_url)).body).toContain(`<title>${title}</title>`)
})

test.each([
  '/media/posters/',
  '/media/posters/dune.svg',
  '/media/posters/dune.00000000.svg',
  '/media/posters/../data/movies.json',
  '/media/posters/..%2Fdata%2Fmovies.json',
  '/media/posters/%2e%2e%2f%2e%2e%2fpackage.json',
  '/media/posters/..%5Cdata%5Cmovies.json',
  '/media/posters/__proto__',
  '/media/posters/dune.svg%00',
])('there is nothing at %s', async (url) => {
  const reply = await get(url)
  expect(reply.statusCode).toBe(404)
  expect(reply.headers['content-type']).toContain('application/problem+json')
  expect(reply.json()).toMatchObject({ code: 'request.no_such_route' })
  expect(reply.headers['cache-control']).toBeUndefined()
})
