import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, openHall, payAsGuest, waitForTickets } from './buying.ts'
import { inspect, type View } from './pages.ts'
import { appUrl, isThorough, test, visit } from './stage.ts'

/** The desktop is looked at as well with E2E=all: the rules are the same, and a gate has little time. */
const VIEWS: View[] = [
  { size: 'phone', scheme: 'dark', language: 'uk' },
  ...(isThorough ? [{ size: 'desktop', scheme: 'dark', language: 'en' } as const] : []),
]

const LIST = /Список|List/
const SIGN_IN = /^(Увійти|Войти|Sign in)$/

/** From the hall to the tickets, with everything that may stand on the way. */
const walk = async (page: Page, view: View): Promise<string[]> => {
  const faults: string[] = []
  const see = async (name: string) => faults.push(...(await inspect(page, name, view)))
  await openHall(page, await findShowing(appUrl, 12 + VIEWS.indexOf(view)))
  if (isThorough) await see('hall')
  const seats = await freeTogether(page, 2)
  await hold(page, seats)
  await see('hall-held')
  await page.getByRole('button', { name: LIST }).click()
  await see('hall-list')
  await goToPay(page)
  await see('pay')
  await page.getByRole('button', { name: SIGN_IN }).click()
  await see('pay-sign-in')
  await page.reload()
  await payAsGuest(page, 'olena@example.com', 'tok_expired_card')
  await page.locator('[role="alert"] p').first().waitFor()
  await see('pay-declined')
  await payAsGuest(page)
  await waitForTickets(page)
  await see('order')
  await page.goto('/account')
  await page.locator('article').first().waitFor()
  await see('account')
  return faults
}

test.for(VIEWS)('every state of a purchase is accessible and fits ($size, $language)', (view) =>
  visit(view, async (page) => {
    expect(await walk(page, view)).toEqual([])
  }),
)
