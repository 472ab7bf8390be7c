import { expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, openHall, payButton, signIn, waitForTickets } from './buying.ts'
import { appUrl, desktop, phone, test, visit } from './stage.ts'

const NOWHERE = ['/nowhere', '/films/999999-nothing', '/films/dune', '/showing/999999999']

test('an address that leads nowhere is a helpful page', () =>
  visit(phone, async (page) => {
    for (const path of NOWHERE) {
      const reply = await page.goto(path)
      expect([path, reply?.status()]).toEqual([path, 404])
      await page.getByRole('heading', { name: 'Такої сторінки немає' }).waitFor()
      await page.getByRole('link', { name: 'Що показують сьогодні' }).click()
      await page.locator('[data-day]').first().waitFor()
    }
  }))

test('while the server is away the page says so, tries again by itself and comes back', () =>
  visit(phone, async (page) => {
    await page.route('**/api/v1/**', (route) => route.abort())
    await page.goto('/films/10-dune')
    await page.getByRole('heading', { name: 'Сервер не відповідає' }).waitFor()
    await page.unroute('**/api/v1/**')
    await page.locator('#showings').waitFor()
  }))

test('a tap without a network is not lost: one more try holds the seat', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 25))
    const [free] = await freeTogether(page, 1)
    if (free === undefined) throw new Error('There is no free seat.')
    await page.route('**/api/v1/tickets', (route) => route.abort())
    const seat = page.locator(`[data-seat="${free}"]`)
    await seat.click()
    await page.waitForTimeout(400)
    if ((await seat.getAttribute('data-look')) === 'free' && !(await page.getByText('Немає зв’язку.').isVisible()))
      await seat.click()
    await page.getByText('Немає зв’язку. Обране вами не загублено.').waitFor()
    await page.unroute('**/api/v1/tickets')
    await page.getByRole('button', { name: 'Спробувати ще раз' }).click()
    await page.locator(`[data-seat="${free}"][data-look="mine"]`).waitFor({ state: 'attached' })
  }))

test('where nobody takes money online, no test cards are offered and the page says where tickets are sold', () =>
  visit(phone, async (page) => {
    await page.route('**/payments/provider', (route) => route.fulfill({ json: { provider: null, publishable_key: null } }))
    await openHall(page, await findShowing(appUrl, 29))
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    await page.getByText('Онлайн-оплату тут не підключено. Квитки продає каса кінотеатру.').waitFor()
    expect(await page.locator('input[name="card"]').count()).toBe(0)
    expect(await payButton(page).isDisabled()).toBe(true)
  }))

test('whoever was signed out meanwhile signs in again where they are, and the seats are still theirs', () =>
  visit(desktop, async (page) => {
    await page.goto('/account/sign-in')
    await signIn(page)
    await page.getByText('customer@marquee.test').waitFor()
    await openHall(page, await findShowing(appUrl, 26))
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    // The session ends on another device: neither the access token nor the cookie is good any more.
    await page.context().clearCookies()
    await page.route('**/pay', (route) =>
      route.request().headers()['authorization'] === undefined
        ? route.continue()
        : route.fulfill({
            status: 401,
            contentType: 'application/problem+json',
            body: JSON.stringify({ status: 401, code: 'auth.token_invalid', title: 'Unauthorized', detail: 'Sign in again.' }),
          }),
    )
    await payButton(page).click()
    await page.getByText('Ви вийшли з акаунта.').waitFor()
    await page.unroute('**/pay')
    await signIn(page)
    await page.getByText('Квитки надійдуть на customer@marquee.test').waitFor()
    await payButton(page).click()
    await waitForTickets(page)
  }))
