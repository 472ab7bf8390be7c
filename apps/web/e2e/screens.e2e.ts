import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, openHall, payAsGuest, waitForTickets } from './buying.ts'
import { inspect, isThorough, settle, type View } from './pages.ts'
import { appUrl, test, visit } from './stage.ts'

/** The desktop is looked at as well with E2E=all: the rules are the same, and a gate has little time. */
const VIEWS: View[] = [
  { size: 'phone', scheme: 'dark', language: 'uk' },
  ...(isThorough ? [{ size: 'desktop', scheme: 'dark', language: 'ru' } as const] : []),
]

/** Much like others. */
const RARE: Record<string, string> = {
  'home-filtered': '/?genre=horror&format=3d',
  'search-nothing': '/search?q=zzzzqqq',
  'missing-film': '/films/999999-nothing',
  'missing-order': '/order/NOSUCH00',
  'missing-payment': '/pay/NOSUCH00',
  'activate-late': '/account/activate?token=none',
  'email-late': '/account/email?token=none',
}

const PAGES: Record<string, string> = {
  home: '/',
  film: '/films/10-dune',
  cinemas: '/cinemas',
  cinema: '/cinemas/1-marquee-podil',
  search: '/search?q=дюн',
  missing: '/nowhere',
  'missing-showing': '/showing/999999999',
  'account-empty': '/account',
  'sign-in': '/account/sign-in',
  'sign-up': '/account/sign-up',
  forgot: '/account/forgot',
  reset: '/account/reset?token=none',
  'staff-door': '/staff',
}

const OPENED: Record<string, (page: Page) => Promise<void>> = {
  'opened-cinemas': async (page) => {
    await page.locator('#main button:has-text("Marquee")').click()
    await page.locator('dialog[open] li').first().waitFor()
  },
  'opened-search': async (page) => {
    await page.locator('header nav button').first().click()
    await page.locator('dialog[open] input').fill('дюн')
    await page.locator('[role="option"]').first().waitFor()
    await page.keyboard.press('ArrowDown')
  },
  'opened-languages': async (page) => {
    await page.locator('header [popovertarget]').click()
    await page.locator('[popover] li').first().waitFor()
  },
}

const cases = VIEWS.map((view) => ({ view, size: view.size }))

test.for(cases)(
  'every page is accessible by night and by day, fits a narrow screen and obeys its own policy ($size)',
  ({ view }) =>
    visit(view, async (page) => {
      const faults: string[] = []
      for (const [name, path] of Object.entries(isThorough ? { ...PAGES, ...RARE } : PAGES)) {
        const reply = await page.goto(path)
        expect(reply?.headers()['content-security-policy']).toContain("default-src 'none'")
        await page.locator('main h1').first().waitFor()
        faults.push(...(await inspect(page, name, view)))
      }
      expect(faults).toEqual([])
    }),
)

test.for(cases)('what opens over the home page is accessible ($size)', ({ view }) =>
  visit(view, async (page) => {
    const faults: string[] = []
    for (const [name, open] of Object.entries(OPENED)) {
      await page.goto('/')
      await settle(page)
      await open(page)
      faults.push(...(await inspect(page, name, view)))
    }
    expect(faults).toEqual([])
  }),
)

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

test.for(cases)('every state of a purchase is accessible and fits ($size)', ({ view }) =>
  visit(view, async (page) => {
    expect(await walk(page, view)).toEqual([])
  }),
)
