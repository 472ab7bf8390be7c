import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { findShowing, freeTogether, hold, mine, openHall, payAsGuest, tickets, waitForTickets } from './buying.ts'
import { appUrl, desktop, phone, test, visit } from './stage.ts'

const focused = (page: Page) =>
  page.evaluate(() => ({
    name: document.activeElement?.getAttribute('aria-label') ?? '',
    seat: document.activeElement?.getAttribute('data-seat'),
  }))

/** Tabs until the place is reached, as somebody without a mouse does. */
const tabTo = async (page: Page, reached: (page: Page) => Promise<boolean>) => {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab')
    expect(await focusUnseen(page)).toBeUndefined()
    if (await reached(page)) return
  }
  throw new Error('Sixty times Tab did not lead there.')
}

/** Where the keyboard is must be seen: an outline, or a mark of the seat's own. */
const focusUnseen = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!element?.matches(':focus-visible')) return element?.outerHTML.slice(0, 200)
    const ring = element.closest('label, [data-seat]') ?? element
    const seen = [ring, element, ...element.querySelectorAll('*')].some((one) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    })
    return seen || element.hasAttribute('data-seat') ? undefined : element.outerHTML.slice(0, 200)
  })

const isOn = (selector: string) => (page: Page) =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)

test('two tickets are bought by keyboard alone', () =>
  visit(desktop, async (page) => {
    await openHall(page, await findShowing(appUrl, 16))
    const [first, second] = await freeTogether(page, 2)
    await tabTo(page, isOn('[data-seat]'))
    expect((await focused(page)).name).toMatch(/^Ряд .+, місце \d+, .+₴, \S+/)
    await page.keyboard.press('Control+Home')
    const row = await page
      .locator(`[data-seat="${first}"]`)
      .evaluate((seat) => [...document.querySelectorAll('svg g[role="group"]')].indexOf(seat.parentElement as Element))
    const at = await page
      .locator(`[data-seat="${first}"]`)
      .evaluate((seat) => [...(seat.parentElement?.querySelectorAll('[data-seat]') ?? [])].indexOf(seat))
    for (let step = 0; step < row; step += 1) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Home')
    for (let step = 0; step < at; step += 1) await page.keyboard.press('ArrowRight')
    expect((await focused(page)).seat).toBe(String(first))
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowRight')
    expect((await focused(page)).seat).toBe(String(second))
    await page.keyboard.press('Enter')
    await mine(page).nth(1).waitFor({ state: 'attached' })
    await tabTo(page, isOn('a[href^="/pay/"]'))
    await page.keyboard.press('Enter')
    await page.locator('form#pay').waitFor()
    await tabTo(page, isOn('input[type="email"]'))
    await page.keyboard.type('olena@example.com')
    await tabTo(page, isOn('input[name="card"]'))
    await tabTo(page, isOn('form#pay button[type="submit"]'))
    await page.keyboard.press('Enter')
    await waitForTickets(page)
    expect(await tickets(page).count()).toBe(2)
  }))

test('a ticket shows its code without a connection, also after a reload', () =>
  visit(
    phone,
    async (page) => {
      await openHall(page, await findShowing(appUrl, 17))
      await hold(page, await freeTogether(page, 1))
      await page.getByRole('link', { name: 'До оплати' }).click()
      await payAsGuest(page)
      await waitForTickets(page)
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
      await page.goto('/account')
      await tickets(page).first().waitFor()
      await page.context().setOffline(true)
      await page.reload()
      await page.getByText('Немає зв’язку').waitFor()
      expect(await page.locator('article svg[role="img"]').count()).toBe(1)
    },
    { installed: true },
  ))
