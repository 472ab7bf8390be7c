import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { isThorough, settle, type View } from './pages.ts'
import { appUrl, desktop, phone, test, until, visit } from './stage.ts'

const PAGES = ['/', '/films/10-dune', '/cinemas', '/cinemas/1']
const TITLES = { uk: 'Дюна', ru: 'Дюна', en: 'Dune' } as const
type Language = keyof typeof TITLES

const isPainted = (html: string) => html.includes('<div id="root" data-language=')

/** As it is sent. A server that has painted much lately leaves a page to the browser, so it is asked again. */
const htmlOf = (path: string, language: Language): Promise<string> =>
  until(async () => {
    const reply = await fetch(`${appUrl}${path}`, { headers: { accept: 'text/html', cookie: `marquee_lang=${language}` } })
    return reply.text()
  }, isPainted)

test.for(['uk', 'ru', 'en'] as const)('pages are sent with their first screen in them (%s)', async (language) => {
  const film = await htmlOf('/films/10-dune', language)
  const [seen = ''] = film.slice(film.indexOf('<div id="root"')).split('<script')
  expect(seen).toMatch(new RegExp(`<h1[^>]*>${TITLES[language]}</h1>`))
  expect(seen).toMatch(/<a[^>]*href="\/showing\/\d+"[\s\S]*?\d\d:\d\d/)
  expect(film.slice(0, film.indexOf('<div id="root"'))).toMatch(
    /<title>[^<]+<\/title>[\s\S]*<link rel="stylesheet"|<link rel="stylesheet"[\s\S]*<title>/,
  )
  const tomorrow = /data-day="([\d-]+)"[^>]*>(?:(?!data-day)[\s\S])*data-day="([\d-]+)"/.exec(await htmlOf('/', language))?.[2]
  const home = await htmlOf(`/?date=${tomorrow}`, language)
  expect(home.match(/<a[^>]*href="\/films\/\d+-[a-z]/g)?.length ?? 0).toBeGreaterThan(1)
})

/** What has been painted once is kept for a while: it is asked for until it is, and the page opened then. */
const openPainted = async (page: Page, path: string) => {
  const textOf = (reply: { text: () => Promise<string> } | null) => reply?.text() ?? ''
  await until(async () => {
    await until(() => page.request.get(path, { headers: { accept: 'text/html' } }).then(textOf), isPainted)
    return textOf(await page.goto(path))
  }, isPainted)
}

/** Remembers which nodes the server sent, and whatever the browser has to complain of. */
const watch = async (page: Page) => {
  const said: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'warning' || message.type() === 'error') said.push(message.text())
  })
  await page.addInitScript(() => {
    document.addEventListener('DOMContentLoaded', () => {
      const heading = document.querySelector('#root h1')
      heading?.setAttribute('data-sent', '')
    })
  })
  return said
}

const VIEWS: View[] = [
  { ...phone, scheme: 'light', language: 'en' },
  { ...desktop, scheme: 'dark', language: 'ru' },
  ...(isThorough ? [phone, desktop] : []),
]

test.for(VIEWS)('the app takes over what the server painted without a change ($size, $scheme, $language)', (view) =>
  visit(
    view,
    async (page) => {
      const said = await watch(page)
      for (const path of PAGES) {
        await openPainted(page, path)
        await settle(page)
        await until(
          () => page.locator('h1[data-sent]').count(),
          (count) => count === 1,
        )
        await page.locator('header [popovertarget]').click()
        await page.locator('[popover]:popover-open').waitFor()
      }
      expect(said).toEqual([])
    },
    { installed: true },
  ),
)

test('a film is found and read where no script runs', () =>
  visit(phone, async (page) => {
    await page.route(/\/assets\/.*\.js$/, (route) => route.abort())
    await openPainted(page, '/films/10-dune')
    expect(await page.locator('h1').innerText()).toBe('Дюна')
    await page.locator('footer a[href="/cinemas"]').click()
    await until(
      () => page.locator('h1').innerText(),
      (text) => text === 'Кінотеатри',
    )
  }))
