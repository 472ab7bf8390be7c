import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { buildTinyWeb } from '#testing/web.ts'

const WEB_DIR = buildTinyWeb()
const { anonymous, clock, db, given } = await startTestApp({ config: { WEB_DIR, PUBLIC_URL: 'https://kino.example' } })
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const open = (path: string, headers: Record<string, string> = {}) => anonymous.get(path, undefined, { ...HTML, ...headers })
const rename = (id: number, title: string, more: object = {}) =>
  db.updateTable('movies').set({ title, ...more }).where('id', '=', id).execute() // prettier-ignore
const metaOf = (page: string, name: string) => new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)">`).exec(page)?.[1]
const canonicalOf = (page: string) => /<link rel="canonical" href="([^"]*)">/.exec(page)?.[1]
const scriptOf = (page: string, mark: string) => {
  const [, text] = new RegExp(`<script ${mark}>([\\s\\S]*?)</script>`).exec(page) ?? []
  return text === undefined ? undefined : JSON.parse(text)
}
const thingsOf = (page: string) => scriptOf(page, 'type="application/ld\\+json"')?.['@graph']
const preloadOf = (page: string) => scriptOf(page, 'type="application/json" id="preload"')

test('the page of a film says in its head what it is, in the language of the visitor', async () => {
  const { movie_id, id } = await given.session()
  const translations = JSON.stringify({ uk: { title: 'Дюна', description: 'Пустеля «Арракіс» & "прянощі".' } })
  await rename(movie_id, 'Dune', { translations, description: 'Sand.', poster_url: '/posters/dune.svg' })
  const { status, body, headers } = await open(`/films/${movie_id}-whatever`, { 'accept-language': 'uk-UA,uk;q=0.9,en;q=0.5' })
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-language': 'uk',
  })
  expect(body).toContain('<html lang="uk">')
  expect(body).toContain('<title>Дюна: сеанси й квитки · Marquee</title>')
  expect(body).not.toContain('Built')
  expect(metaOf(body, 'description')).toBe('Пустеля «Арракіс» &amp; &quot;прянощі&quot;.')
  expect(canonicalOf(body)).toBe(`https://kino.example/films/${movie_id}-dune`)
  expect(metaOf(body, 'og:image')).toBe('https://kino.example/posters/dune.svg')
  expect([metaOf(body, 'og:type'), metaOf(body, 'og:locale'), metaOf(body, 'twitter:card')]).toEqual(['video.movie', 'uk_UA', 'summary_large_image']) // prettier-ignore
  const [film, event] = thingsOf(body)
  expect(film).toMatchObject({ '@type': 'Movie', name: 'Дюна', duration: 'PT120M' })
  expect(event).toMatchObject({ '@type': 'ScreeningEvent', url: `https://kino.example/showing/${id}` })
  expect((await open(`/films/${movie_id}`, { cookie: 'marquee_lang=en', 'accept-language': 'uk' })).body).toContain(
    '<html lang="en">',
  )
  expect((await open(`/films/${movie_id}`, { 'accept-language': 'de' })).body).toContain(
    '<title>Dune: times and tickets · Marquee</title>',
  )
})

test('the page of a session tells search engines when, where and for how much, and when it was moved or cancelled', async () => {
  const { id, movie_id } = await given.session({ base_price_minor: 18_050 })
  const read = async () => thingsOf((await open(`/showing/${id}`)).body)[0]
  const session = (await anonymous.get(`/api/v1/sessions/${id}`)).body
  const event = await read()
  expect(event).toMatchObject({
    '@type': 'ScreeningEvent',
    eventStatus: 'https://schema.org/EventScheduled',
    location: { '@type': 'MovieTheater', name: session.cinema_name, address: { addressLocality: 'Kyiv' } },
    workPresented: { '@type': 'Movie', '@id': expect.stringContaining(`/films/${movie_id}-`) },
    offers: { price: '180.50', priceCurrency: 'UAH', availability: 'https://schema.org/InStock' },
  })
  expect(event.startDate).toMatch(/[+]0[23]:00$/)
  expect(new Date(event.startDate).toISOString()).toBe(session.start_time.replace(/\d{3}Z$/, '000Z'))
  await db.updateTable('sessions').set({ status: 'rescheduled' }).where('id', '=', id).execute()
  expect((await read()).eventStatus).toBe('https://schema.org/EventRescheduled')
  await db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', id).execute()
  expect((await read()).eventStatus).toBe('https://schema.org/EventCancelled')
  const { body } = await open(`/showing/${id}`)
  expect([canonicalOf(body), metaOf(body, 'robots')]).toEqual([undefined, 'noindex'])
})

test('the page of a cinema says where it is', async () => {
  const { id } = await given.cinema()
  await db.updateTable('cinemas').set({ name: 'Маркі Ґанок', latitude: 50.45, longitude: 30.52 }).where('id', '=', id).execute()
  const { body } = await open(`/cinemas/${id}`)
  expect(thingsOf(body)).toMatchObject([
    { '@type': 'MovieTheater', name: 'Маркі Ґанок', geo: { latitude: 50.45, longitude: 30.52 } },
  ])
  expect(canonicalOf(body)).toBe(`https://kino.example/cinemas/${id}-marki-ganok`)
})

test('the first answers stand in the page as the API gives them', async () => {
  const { movie_id, id } = await given.session()
  const check = async (path: string, cookie = '') => {
    const preload = preloadOf((await open(path, { cookie })).body)
    for (const [url, body] of Object.entries(preload)) expect({ url, ...(await anonymous.get(url)) }).toMatchObject({ url, status: 200, body }) // prettier-ignore
    return Object.keys(preload)
  }
  expect(await check(`/films/${movie_id}`)).toEqual([`/api/v1/movies/${movie_id}`, `/api/v1/movies/${movie_id}/sessions?size=100`, '/api/v1/cinemas?size=100']) // prettier-ignore
  expect(await check(`/showing/${id}`)).toContain(`/api/v1/sessions/${id}`)
  const { cinema_id, business_day } = (await anonymous.get(`/api/v1/sessions/${id}`)).body
  expect(await check(`/cinemas/${cinema_id}-x`)).toContain(`/api/v1/cinemas/${cinema_id}`)
  expect(await check(`/?date=${business_day}`, `marquee_cinema=${cinema_id}`)).toEqual(
    expect.arrayContaining([`/api/v1/sessions?cinema_id=${cinema_id}&date=${business_day}&size=100`, '/api/v1/movies?is_active=true&size=100']), // prettier-ignore
  )
})

test('a name cannot smuggle markup or scripts into a page', async () => {
  const { movie_id, id } = await given.session()
  const title = `</script></title><script>alert(1)</script> "onload='x' <!-- $& $1 \u2028 </head>`
  await rename(movie_id, title, { description: title, original_title: title })
  for (const path of [`/films/${movie_id}`, `/showing/${id}`, '/']) {
    const { body } = await open(path)
    expect(body).not.toContain('alert(1)</script>')
    expect(body.match(/<script/g)).toHaveLength(5)
    expect(body.match(/<\/head>/g)).toHaveLength(1)
  }
  const { body } = await open(`/films/${movie_id}`)
  expect(thingsOf(body)[0]).toMatchObject({ name: title })
  expect(preloadOf(body)[`/api/v1/movies/${movie_id}`]).toMatchObject({ title })
  expect(canonicalOf(body)).toMatch(/^https:\/\/kino\.example\/films\/\d+[-a-z0-9]+$/)
})

test('what does not exist is a page that says so, with 404', async () => {
  const paths = ['/films/999999', '/films/dune', '/films/0', '/cinemas/999999-x', '/showing/999999', '/showing/1x', '/nothing', '/films/1/2', `/films/${'9'.repeat(40)}`] // prettier-ignore
  for (const path of paths) {
    const { status, body } = await open(path, { 'accept-language': 'en' })
    expect({ path, status }).toEqual({ path, status: 404 })
    expect(body).toContain('<title>There is no such page · Marquee</title>')
    expect(metaOf(body, 'robots')).toBe('noindex')
  }
  for (const path of ['/', '/films', '/cinemas', '/search?q=x', '/pay/QWER2345', '/order/QWER2345', '/account', '/account/tickets/1', '/staff', '/staff/door'])
    expect({ path, ...(await open(path)) }).toMatchObject({ path, status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }) // prettier-ignore
  expect(metaOf((await open('/order/QWER2345')).body, 'robots')).toBe('noindex')
})

test('clients that want data never get a page, and a page never stands in the way of the API', async () => {
  const { movie_id } = await given.session()
  for (const path of [`/films/${movie_id}`, '/nothing', '/', '/account/x'])
    for (const accept of ['application/json', 'application/json, text/plain, */*', 'application/problem+json'])
      expect(await anonymous.get(path, undefined, { accept })).toMatchObject({
        status: 404,
        body: { code: 'request.no_such_route' },
      })
  expect(await anonymous.get('/nothing', undefined, { accept: '*/*' })).toMatchObject({ body: { code: 'request.no_such_route' } })
  for (const path of [
    '/api/v1/nothing',
    '/api',
    '/auth/nothing',
    '/users/1/2',
    '/events/1/2/3',
    '/tickets/a/b/c',
    '/payments/x/y',
    '/graphql',
    '/health/x',
    '/metrics/x',
    '/docs/nothing.js',
    '/assets/gone-DbWDYtE8.js',
  ]) {
    // prettier-ignore
    const { status, headers } = await open(path)
    expect({ path, status, type: String(headers['content-type']).includes('text/html') }).toEqual({ path, status, type: false })
    expect(status).toBeGreaterThanOrEqual(400)
  }
  expect(await open('/events')).toMatchObject({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } })
  expect(await anonymous.post('/films/1', {})).toMatchObject({ status: 404, body: { code: 'request.no_such_route' } })
  expect((await anonymous.get(`/films/${movie_id}`, undefined, { accept: '*/*' })).headers['content-type']).toContain('text/html')
})

test('R-226: hashed files are kept for ever, all others are asked for again, and a known page is not sent twice', async () => {
  const asset = await anonymous.get('/assets/index-DbWDYtE8.js')
  expect(asset).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=31536000, immutable', 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' } }) // prettier-ignore
  const small = await anonymous.get('/assets/index-DbWDYtE8.js', undefined, { 'accept-encoding': 'br' })
  expect(small.headers).toMatchObject({ 'content-encoding': 'br', 'cache-control': 'public, max-age=31536000, immutable' })
  expect(Number(small.headers['content-length'])).toBeLessThan(Number(asset.headers['content-length']))
  expect(small.headers['vary']).toMatch(/accept-encoding/i)
  expect(await anonymous.get('/boot.js')).toMatchObject({ headers: { 'cache-control': 'public, max-age=0, must-revalidate' } })
  expect((await anonymous.get('/.vite/manifest.json')).status).toBe(404)
  expect((await anonymous.get('/index.html')).status).toBe(404)
  clock.set(new Date('2026-11-21T12:00:00Z'))
  const page = await open('/cinemas')
  const etag = String(page.headers['etag'])
  expect(await open('/cinemas', { 'if-none-match': etag })).toMatchObject({ status: 304, body: '' })
  expect((await open('/cinemas', { 'if-none-match': etag, cookie: 'marquee_lang=ru' })).status).toBe(200)
  await given.cinema()
  expect((await open('/cinemas', { 'if-none-match': etag })).status).toBe(200)
})

test('the page may run its own scripts and wear its own styles, and no others', async () => {
  const { headers, body } = await open('/films')
  const policy = String(headers['content-security-policy'])
  const inline = createHash('sha256').update("document.documentElement.dataset.ready = ''").digest('base64')
  expect(policy).toContain(`script-src 'self' 'sha256-${inline}';`)
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("style-src 'self';")
  expect(policy).not.toContain('unsafe')
  expect(body).toMatch(/<link rel="preload" as="font"[^>]+manrope-latin/)
})

test('the map of the site names what is to be seen, and robots are kept out of what is somebody’s own', async () => {
  const { movie_id, id } = await given.session()
  const late = await given.session({ starts_in_minutes: 60 * 24 * 40 })
  await rename(movie_id, 'Їжак & Єнот')
  const { body, headers } = await anonymous.get('/sitemap.xml')
  expect(headers['content-type']).toBe('application/xml; charset=utf-8')
  expect(body).toMatch(
    new RegExp(`<url><loc>https://kino.example/films/${movie_id}-izhak-ienot</loc><lastmod>[-\\dT:.]+Z</lastmod></url>`),
  )
  expect(body).toContain(`<loc>https://kino.example/showing/${id}</loc>`)
  expect(body).not.toContain(`/showing/${late.id}<`)
  const robots = await anonymous.get('/robots.txt')
  expect(robots.headers['content-type']).toBe('text/plain; charset=utf-8')
  for (const line of [
    'Disallow: /account',
    'Disallow: /pay/',
    'Disallow: /order/',
    'Disallow: /staff',
    'Disallow: /api/',
    'Sitemap: https://kino.example/sitemap.xml',
  ])
    expect(robots.body.split('\n')).toContain(line)
  const { paths } = (await anonymous.get('/openapi.json')).body
  expect(Object.keys(paths).filter((path) => !/^\/(api|health|\.well-known)/.test(path))).toEqual([])
})

test('R-312: the service worker may fetch what pages may, and the shell it keeps for later runs under their policy', async () => {
  const { headers } = await open('/')
  for (const file of ['/sw.js', '/shell.html'])
    expect(await anonymous.get(file)).toMatchObject({
      status: 200,
      headers: {
        'content-security-policy': headers['content-security-policy'],
        'cache-control': 'public, max-age=0, must-revalidate',
      },
    })
})

test('R-226: with an asset base the page asks there for its hashed files, and for nothing else', async () => {
  const { anonymous: reader } = await startTestApp({ config: { WEB_DIR, ASSET_BASE_URL: 'https://cdn.example/m/' } })
  const { body, headers } = await reader.get('/films', undefined, HTML)
  expect(body).toContain('src="https://cdn.example/m/assets/index-DbWDYtE8.js"')
  expect(body).toContain('href="https://cdn.example/m/assets/index-DuuG9abD.css"')
  expect(body).toContain('src="/boot.js"')
  expect(headers['content-security-policy']).toContain("font-src 'self' https://cdn.example;")
})

test('without a built web app the server shows its documentation', async () => {
  const { anonymous: reader } = await startTestApp()
  expect(await reader.get('/', undefined, HTML)).toMatchObject({ status: 302, headers: { location: '/docs' } })
  expect(await reader.get('/films', undefined, HTML)).toMatchObject({ status: 404, body: { code: 'request.no_such_route' } })
})
