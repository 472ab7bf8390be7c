import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'

export const SCREENS = new URL('../../../test-output/screens/', import.meta.url).pathname

const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1440, height: 900 }

/** Every page on every screen with pictures, for a person who wants to look, and for a workflow that has the time. */
export const isThorough = process.env['E2E'] === 'all'

export type View = { size: 'phone' | 'desktop'; scheme: 'dark' | 'light'; language: 'uk' | 'ru' | 'en' }

/** Answers that are not 2xx, and what React says of them: the tests look at what the page makes of them. */
const REFUSED = /^(Failed to load resource|ApiError:)/

/** A visitor with a screen, a scheme and a language; errors of the page end up in `errors`. */
export const openVisitor = async (
  browser: Browser,
  url: string,
  view: View,
  installed = false,
): Promise<{ context: BrowserContext; page: Page; errors: string[] }> => {
  const context = await browser.newContext({
    viewport: view.size === 'phone' ? PHONE : DESKTOP,
    colorScheme: view.scheme,
    reducedMotion: 'reduce',
    serviceWorkers: installed ? 'allow' : 'block',
    baseURL: url,
  })
  await context.addCookies([{ name: 'marquee_lang', value: view.language, url }])
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !REFUSED.test(message.text())) errors.push(message.text())
  })
  return { context, page, errors }
}

export const settle = async (page: Page) => {
  await page.waitForLoadState('networkidle')
  await page.waitForFunction(() => document.fonts.status === 'loaded' && document.querySelector('.skeleton') === null)
}

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** All that a scheme can change. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block']

/** What axe finds wrong, one line each. It stays in the page for the next look. */
const accessibilityFaults = async (page: Page, { colour }: { colour: boolean }): Promise<string[]> => {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  return page.evaluate(
    async (runOnly) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ runOnly, resultTypes: ['violations'] })
      return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`))
    },
    colour ? { type: 'rule' as const, values: OF_COLOUR } : { type: 'tag' as const, values: STANDARDS },
  )
}

/** Pixels by which the page is wider than the screen. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** A picture of the whole page for a person to look at; a gate has no time for it. */
export const shoot = async (page: Page, name: string, { size, scheme, language }: View) => {
  if (!isThorough) return
  const path = join(SCREENS, `${name}-${size}-${scheme}-${language}.png`)
  mkdirSync(dirname(path), { recursive: true })
  await page.screenshot({ path, fullPage: true })
}

const NARROW = { width: 320, height: 640 }

/** Everything that is wrong with what is on the screen, by night and on a phone by day; and pictures of it for who wants all. */
export const inspect = async (page: Page, name: string, view: View): Promise<string[]> => {
  await settle(page)
  const faults: string[] = []
  // Colours by day are the same on every screen: they are looked at on the phone.
  const schemes = view.size === 'phone' ? (['light', 'dark'] as const) : (['dark'] as const)
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' })
    await shoot(page, name, { ...view, scheme })
    faults.push(...(await accessibilityFaults(page, { colour: scheme === 'light' })).map((fault) => `${scheme}: ${fault}`))
  }
  if (view.size === 'phone') {
    const size = page.viewportSize() ?? PHONE
    await page.setViewportSize(NARROW)
    const wide = await overflow(page)
    if (wide > 0) faults.push(`${wide} px wider than a screen of ${NARROW.width} px`)
    await page.setViewportSize(size)
  }
  const wide = await overflow(page)
  if (wide > 0) faults.push(`${wide} px wider than the screen`)
  return faults.map((fault) => `${name}, ${view.size}, ${view.language}: ${fault}`)
}
