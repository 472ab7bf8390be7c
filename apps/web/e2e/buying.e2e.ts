import { expect } from 'vitest'

import {
  card,
  emailField,
  findShowing,
  freeTogether,
  goToPay,
  hold,
  mine,
  openHall,
  payAsGuest,
  payButton,
  paymentsOf,
  signIn,
  tickets,
  waitForTickets,
} from './buying.ts'
import { appUrl, desktop, phone, test, visit } from './stage.ts'

test('a missing or wrong e-mail is told beside the field, a declined card keeps the seats, and the next one pays', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 4))
    await hold(page, await freeTogether(page, 2))
    await goToPay(page)
    expect(await page.title()).toBe('Оплата · Marquee')
    await payButton(page).click()
    await page.getByText('Вкажіть пошту').waitFor()
    expect(await emailField(page).evaluate((field) => field === document.activeElement)).toBe(true)
    await emailField(page).fill('olena@')
    await payButton(page).click()
    await page.getByText('Схоже, у пошті помилка').waitFor()
    expect(await emailField(page).getAttribute('aria-invalid')).toBe('true')
    expect(await emailField(page).evaluate((field) => field === document.activeElement)).toBe(true)
    await payAsGuest(page, 'olena@example.com', 'tok_insufficient_funds')
    await page.getByText('На картці бракує коштів').waitFor()
    expect(await emailField(page).inputValue()).toBe('olena@example.com')
    await card(page, 'tok_ok').check()
    await payButton(page).click()
    await waitForTickets(page)
    expect(await tickets(page).count()).toBe(2)
    expect(await page.locator('article svg[role="img"]').count()).toBe(2)
  }))

test('an answer that got lost is looked for, and nothing is charged twice', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 7))
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    // The request arrives, its answer does not.
    await page.route('**/pay', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    })
    const charges: string[] = []
    page.on('request', (request) => request.url().endsWith('/pay') && charges.push(request.url()))
    await payAsGuest(page)
    await waitForTickets(page)
    expect(charges).toHaveLength(1)
    expect(await paymentsOf(page)).toEqual(['success'])
  }))

test('a bank that answers later is waited for', () =>
  visit(desktop, async (page) => {
    await openHall(page, await findShowing(appUrl, 8))
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    await payAsGuest(page, 'olena@example.com', 'tok_async')
    await page.getByRole('heading', { name: 'Перевіряємо ваш платіж' }).waitFor()
    await waitForTickets(page)
    expect(await tickets(page).count()).toBe(1)
  }))

test('signing in at the payment keeps the seats and brings them into the account', () =>
  visit(desktop, async (page) => {
    await openHall(page, await findShowing(appUrl, 9))
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    await page.getByRole('button', { name: 'Увійти' }).click()
    await signIn(page)
    await page.getByText('Квитки надійдуть на customer@marquee.test').waitFor()
    await payButton(page).click()
    await waitForTickets(page)
    await page.goto('/account')
    await page.getByText('customer@marquee.test').waitFor()
    expect(await tickets(page).count()).toBeGreaterThan(0)
  }))

test('signing up at the payment keeps the seats and what was typed, and brings them into the new account', () =>
  visit(phone, async (page) => {
    const email = `in-place-${crypto.randomUUID()}@example.com`
    await openHall(page, await findShowing(appUrl, 28))
    await hold(page, await freeTogether(page, 2))
    await goToPay(page)
    const [field, summary] = await Promise.all([emailField(page).boundingBox(), page.getByText('До сплати').boundingBox()])
    expect(field?.y).toBeLessThan(summary?.y ?? 0)
    await emailField(page).fill(email)
    await page.getByRole('button', { name: 'Зареєструватися' }).click()
    expect(await emailField(page).inputValue()).toBe(email)
    await page.getByLabel('Пароль', { exact: true }).fill('short')
    await page.getByRole('button', { name: 'Створити акаунт' }).click()
    await page.getByText('Пароль закороткий').waitFor()
    await page.getByLabel('Пароль', { exact: true }).fill('Marquee-test-1')
    await page.getByRole('button', { name: 'Створити акаунт' }).click()
    await page.getByText(`Квитки надійдуть на ${email}`).waitFor()
    await payButton(page).click()
    await waitForTickets(page)
    await page.goto('/account')
    await page.getByText(email).waitFor()
    expect(await tickets(page).count()).toBe(2)
  }))

test('the best seats for two come with one tap', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 10))
    await page.getByRole('button', { name: 'Найкращі місця' }).click()
    await mine(page).nth(1).waitFor({ state: 'attached' })
    expect(await mine(page).count()).toBe(2)
    const goOn = page.getByRole('link', { name: 'До оплати' })
    const [box, label] = await Promise.all([goOn.boundingBox(), goOn.getByText('До оплати').boundingBox()])
    const middle = (one: typeof box) => (one ? one.y + one.height / 2 : Number.NaN)
    expect(Math.abs(middle(box) - middle(label))).toBeLessThan(3)
  }))
