import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { emailField, findShowing, freeTogether, goToPay, hold, openHall } from './buying.ts'
import { settle } from './pages.ts'
import { appUrl, phone, test, visit } from './stage.ts'

const NAMES = { uk: 'Українська', ru: 'Русский', en: 'English' } as const
type Language = keyof typeof NAMES
const ROUND: Language[] = ['ru', 'en', 'uk']

const choose = async (page: Page, language: Language) => {
  await page.locator('header [popovertarget]').click()
  await page.getByRole('button', { name: NAMES[language] }).click()
  await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' })
  await settle(page)
}

/** Names of texts where the texts should stand, and holes that nobody filled. */
const rawKeys = async (page: Page): Promise<string[]> => {
  const text = (await page.locator('body').innerText()).replaceAll(/\S+@\S+/g, '')
  return [...text.matchAll(/\b[a-z]+(?:_[a-z]+)*[.:][a-z][a-z_]*(?:\.[a-z_]+)*\b|\{\{\w*/g)].map(([key]) => key)
}

/** What must stay while the words change. */
const inEachLanguage = async (page: Page, kept: () => Promise<unknown>) => {
  const address = page.url()
  const before = await kept()
  const titles = new Set<string>()
  for (const language of ROUND) {
    await choose(page, language)
    expect(page.url()).toBe(address)
    expect(await rawKeys(page)).toEqual([])
    expect(await kept()).toEqual(before)
    titles.add(await page.locator('footer').innerText())
  }
  expect(titles.size).toBe(ROUND.length)
}

const PAGES = ['/', '/films/10-dune', '/cinemas', '/search?q=дюн', '/account']

test('the language changes where the visitor is, and every text is there', () =>
  visit(phone, async (page) => {
    for (const path of PAGES) {
      await page.goto(path)
      await page.locator('main h1').first().waitFor()
      await settle(page)
      await inEachLanguage(page, () => page.locator('h1').count())
    }
  }))

test('a change of language keeps the seats in the hall and the address typed at the payment', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 24))
    const [free] = await freeTogether(page, 1)
    if (free === undefined) throw new Error('There is no free seat.')
    await hold(page, [free])
    await inEachLanguage(page, () => page.locator(`[data-seat="${free}"]`).getAttribute('data-look'))
    await goToPay(page)
    await emailField(page).fill('olena@example.com')
    await inEachLanguage(page, () => emailField(page).inputValue())
  }))
