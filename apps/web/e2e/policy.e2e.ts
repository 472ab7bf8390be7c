import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { findShowing, openHall } from './buying.ts'
import { enterBy } from './people.ts'
import { appUrl, desktop, phone, test, until, visit } from './stage.ts'

type Watched = { violations?: string[] }

/** Whatever the policy of a page forbids it from now on, one line each. */
const watchPolicy = (page: Page) =>
  page.context().addInitScript(() => {
    const kept: string[] = []
    ;(window as Watched).violations = kept
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, sample }) =>
      kept.push([location.pathname, violatedDirective, blockedURI, sourceFile, sample].join(' ')),
    )
  })

/** ReDoc would show a picture from its maker's server, and does without. */
const STAYS_AWAY = 'img-src https://cdn.redoc.ly/'

const violationsOn = async (page: Page) =>
  (await page.evaluate(() => (window as Watched).violations))?.filter((one) => !one.includes(STAYS_AWAY))

/** All that the page begins with has been drawn. */
const drawn = (page: Page) =>
  page.waitForFunction(
    () => document.querySelector('main, [role="main"]') !== null && document.querySelector('.skeleton') === null,
  )

const visitAll = async (page: Page, paths: string[], see: (page: Page) => Promise<unknown> = drawn) => {
  for (const path of paths) {
    const reply = await page.goto(path)
    expect([path, reply?.headers()['content-security-policy']?.match(/default-src 'none'|unsafe-\w+/g)]).toEqual([
      path,
      ["default-src 'none'"],
    ])
    await page.locator('h1, h2').first().waitFor()
    await see(page)
    expect(await violationsOn(page)).toEqual([])
  }
}

const PUBLIC = [
  '/',
  '/films/10-dune',
  '/cinemas',
  '/cinemas/1',
  '/search?q=дюн',
  '/account/sign-in',
  '/account/sign-up',
  '/nowhere',
]
const OWN = ['/account', '/account/profile', '/account/security', '/account/privacy']
const STAFF = ['/staff', '/staff/users', '/staff/audit']

test('no page of a visitor needs what its policy forbids, and what it forbids would be noticed', () =>
  visit(phone, async (page) => {
    await watchPolicy(page)
    await visitAll(page, PUBLIC)
    await openHall(page, await findShowing(appUrl, 41))
    await page.locator('[data-seat][data-look="free"]').first().click()
    expect(await violationsOn(page)).toEqual([])
    // The other scheme, and back.
    for (const _ of ['there', 'back']) await page.locator('header button:has([title])').first().click()
    expect(await violationsOn(page)).toEqual([])

    const other = await page.context().newPage()
    await other.goto('/cinemas')
    await other.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">red</p>'))
    const [noticed] =
      (await until(
        () => violationsOn(other),
        (all = []) => all.length > 0,
      )) ?? []
    expect(noticed).toContain('style-src-attr inline')
  }))

test('nor does a page of somebody signed in, of the staff, or of the documentation', () =>
  visit(desktop, async (page) => {
    await watchPolicy(page)
    await page.goto('/account/sign-in')
    await enterBy(page, 'admin@marquee.test', 'Marquee-demo-1')
    await page.waitForURL('**/account')
    await visitAll(page, [...OWN, ...STAFF])
    await page.locator('main a[href^="/staff/"]').first().waitFor()
    const other = await page.context().newPage()
    await visitAll(other, ['/docs', '/redoc'], () => other.waitForLoadState('networkidle'))
  }))
