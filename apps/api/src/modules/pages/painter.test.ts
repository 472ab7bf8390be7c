import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { buildTinyWeb } from '#testing/web.ts'
import { createAllowance } from './rules.ts'

const HTML = { accept: 'text/html' }
/** Says what it was asked, and how often it paints. */
const ECHO = `let times = 0
export const paint = async (asked) => {
  if (asked.address.includes('2031')) throw new Error('no such colour')
  times += 1
  return '<main>' + JSON.stringify({ ...asked, answers: Object.keys(asked.answers), times }).replaceAll('<', '&lt;') + '</main>'
}`

const { anonymous, clock, given } = await startTestApp({ config: { WEB_DIR: buildTinyWeb({ '.server/server.js': ECHO }) } })
const open = (path: string, headers: Record<string, string> = {}) => anonymous.get(path, undefined, { ...HTML, ...headers })
const rootOf = (page: string) => {
  const [, attributes = '', html = ''] = /<div id="root"([^>]*)>(?:<main>(.*)<\/main>)?<\/div>/.exec(page) ?? []
  return { attributes: attributes.trim(), asked: html === '' ? undefined : JSON.parse(html) }
}

test('a page comes painted, with all that the app needs to paint the same', async () => {
  clock.set(new Date('2026-11-21T12:00:42Z'))
  const { movie_id } = await given.session()
  const now = Date.parse('2026-11-21T12:00:00Z')
  const cookie = 'marquee_lang=ru; marquee_cinema=7'
  const { attributes, asked } = rootOf((await open(`/films/${movie_id}-x?utm_source=mail&date=2026-11-21`, { cookie })).body)
  expect(attributes).toBe(`data-language="ru" data-now="${now}" data-cinema="7"`)
  expect(asked).toMatchObject({ address: `/films/${movie_id}-x?date=2026-11-21`, language: 'ru', now, cinema: '7' })
  expect(asked.answers).toContain(`/api/v1/movies/${movie_id}`)
  expect(rootOf((await open('/cinemas', { cookie: 'marquee_lang=en' })).body).attributes).toBe(
    `data-language="en" data-now="${now}"`,
  )
})

test('the same page is painted once for all who may see the same, and anew when an answer or the minute has changed', async () => {
  clock.set(new Date('2026-11-21T12:01:10Z'))
  const times = async (path: string, lang = 'uk') =>
    rootOf((await open(path, { cookie: `marquee_lang=${lang}` })).body).asked.times
  const first = await times('/cinemas')
  expect(await times('/cinemas?utm_source=mail')).toBe(first)
  expect(await times('/cinemas', 'en')).toBe(first + 1)
  await given.cinema()
  expect(await times('/cinemas')).toBe(first + 2)
  clock.set(new Date('2026-11-21T12:02:01Z'))
  expect(await times('/cinemas')).toBe(first + 3)
})

test('what is somebody’s own, what does not exist, and what cannot be painted is sent as it was built', async () => {
  const { id } = await given.session()
  for (const path of ['/account', '/order/QWER2345', '/pay/QWER2345', '/search', `/showing/${id}`, '/nothing', '/films/999999', '/?date=2031-01-01'])
    expect({ path, ...rootOf((await open(path)).body) }).toEqual({ path, attributes: '', asked: undefined }) // prettier-ignore
  const { status, body } = await open('/?date=2031-01-01')
  expect(status).toBe(200)
  expect(body).toContain('id="preload"')
})

test('a painter that does not even load costs the page nothing but its picture', async () => {
  for (const bundle of ['export const paint = (', 'export const paint = 1']) {
    const WEB_DIR = buildTinyWeb({ '.server/server.js': bundle })
    const { anonymous: reader } = await startTestApp({ config: { WEB_DIR } })
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await reader.get('/cinemas', undefined, HTML)
      expect({ status, ...rootOf(body) }).toEqual({ status: 200, attributes: '', asked: undefined })
    }
    expect((await reader.get('/.server/server.js')).status).toBe(404)
    expect(readFileSync(`${WEB_DIR}/.server/server.js`, 'utf8')).toBe(bundle)
  }
})

test('painting has its share of the time and no more', () => {
  const allowance = createAllowance({ share: 0.2, most_ms: 100 })
  expect(allowance.isLeft(5000)).toBe(true)
  allowance.spend(5000, 5060)
  // It waited for the first: only the moments after it count.
  allowance.spend(5000, 5100)
  expect(allowance.isLeft(5100)).toBe(true)
  allowance.spend(5100, 5150)
  expect(allowance.isLeft(5150)).toBe(false)
  expect(allowance.isLeft(6000)).toBe(true)
})
