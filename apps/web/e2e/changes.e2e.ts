import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import {
  emailField,
  findShowing,
  freeTogether,
  goToPay,
  hold,
  LATER,
  mine,
  openHall,
  payAsGuest,
  payButton,
  paymentsOf,
  seat,
  tap,
  tickets,
  waitForTickets,
} from './buying.ts'
import { cancelShowing, moveShowing, priceShowing } from './staff.ts'
import { appUrl, phone, test, until, visit } from './stage.ts'

const CANCELLED = 'Цей сеанс скасовано. З вас нічого не списано.'

const goElsewhere = async (page: Page, session: number) => {
  await page.getByRole('link', { name: 'Обрати інший сеанс' }).click()
  await page.waitForURL('**/films/**')
  await page.locator('#showings').waitFor()
  expect(await page.locator(`a[href="/showing/${session}"]`).count()).toBe(0)
}

test('who holds seats of a showing that is cancelled is told so, in the hall and at the payment, and finds another', () =>
  visit(phone, (inHall) =>
    visit(phone, (waiting) =>
      visit(phone, async (paying) => {
        const session = await findShowing(appUrl, 0, 110, LATER)
        for (const [at, page] of [inHall, waiting, paying].entries()) {
          await openHall(page, session)
          await hold(page, await freeTogether(page, 1, at))
        }
        for (const page of [waiting, paying]) await goToPay(page)
        await emailField(paying).fill('olena@example.com')
        await cancelShowing(appUrl, session)
        await payButton(paying).click()
        await paying.getByText(CANCELLED).waitFor()
        await inHall.getByText('Цей сеанс скасовано, тож місця звільнено. З вас нічого не списано.').waitFor()
        expect(await inHall.getByRole('link', { name: 'До оплати' }).count()).toBe(0)
        expect(await mine(inHall).count()).toBe(0)
        await waiting.getByText(CANCELLED).waitFor()
        for (const page of [paying, inHall, waiting]) await goElsewhere(page, session)
      }),
    ),
  ))

/** What a booking of one ticket costs more on the web in the demo's cinemas. */
const FEE = 5

const priceIn = (text: string | null) => Number(/(\d+)\s?₴/.exec(text ?? '')?.[1])
const priceOf = async (page: Page, id: number) => priceIn(await seat(page, id).getAttribute('aria-label'))

test('a new price leaves held seats as they were, is shown for others at once, and nobody pays anything else', () =>
  visit(phone, async (page) => {
    const session = await findShowing(appUrl, 1, 110, LATER)
    await openHall(page, session)
    const [first = 0, second = 0] = await freeTogether(page, 2)
    await hold(page, [first])
    const before = await priceOf(page, second)
    const after = before + 55
    await priceShowing(appUrl, session, after)
    await until(
      () => priceOf(page, second),
      (price) => price === after,
    )
    expect(await priceOf(page, first)).toBe(before)
    await hold(page, [second])
    const basket = page.getByRole('region', { name: 'Ваші місця' })
    expect((await basket.locator('li b').allTextContents()).map(priceIn).toSorted((a, b) => a - b)).toEqual([before, after])
    await goToPay(page)
    expect(priceIn(await payButton(page).textContent())).toBe(before + after + 2 * FEE)
    await payAsGuest(page)
    await waitForTickets(page)
    expect(await paymentsOf(page)).toEqual(['success'])
  }))

test('who taps a seat at a price that has just changed is asked before it is held', () =>
  visit(phone, async (page) => {
    const session = await findShowing(appUrl, 2, 110, LATER)
    // Hears nothing of the hall, as with a network that has just gone.
    await page.routeWebSocket('**/live', () => undefined)
    await openHall(page, session)
    const [wanted = 0] = await freeTogether(page, 1)
    const before = await priceOf(page, wanted)
    await page.route('**/available-seats', () => undefined)
    await priceShowing(appUrl, session, before + 45)
    await tap(page, wanted)
    await page.getByText(/^Ціна змінилася\. Тепер ряд/).waitFor()
    expect(await mine(page).count()).toBe(0)
    await page.unroute('**/available-seats')
    await until(
      () => priceOf(page, wanted),
      (price) => price === before + 45,
    )
    await page.getByRole('button', { name: new RegExp(`Взяти за ${before + 45 + FEE}`) }).click()
    await mine(page).first().waitFor({ state: 'attached' })
    expect(await priceOf(page, wanted)).toBe(before + 45)
  }))

test('an amount that changes while somebody pays is shown and agreed to before it is paid', () =>
  visit(phone, async (page) => {
    const session = await findShowing(appUrl, 3, 110, LATER)
    await openHall(page, session)
    const [first = 0, second = 0] = await freeTogether(page, 2)
    await hold(page, [first])
    await goToPay(page)
    await emailField(page).fill('olena@example.com')
    const before = priceIn(await payButton(page).textContent())
    const other = await page.context().newPage()
    await openHall(other, session)
    await mine(other).first().waitFor({ state: 'attached' })
    await hold(other, [second])
    await payButton(page).click()
    await page.getByText(/^Сума змінилася\. Тепер до сплати/).waitFor()
    expect(await emailField(page).inputValue()).toBe('olena@example.com')
    const agree = page.getByRole('button', { name: /^Погоджуюся, сплатити/ })
    expect(priceIn(await agree.textContent())).toBeGreaterThan(before)
    await agree.click()
    await waitForTickets(page)
    expect(await tickets(page).count()).toBe(2)
  }))

test('whoever has tickets of a showing that moves reads so with the ways on, and when it is called off, that the money is back', () =>
  visit(phone, async (page) => {
    const session = await findShowing(appUrl, 4, 110, LATER)
    await openHall(page, session)
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    await payAsGuest(page)
    await waitForTickets(page)
    await moveShowing(appUrl, session, 40)
    await page.reload()
    await page.getByText(/^Сеанс перенесено: тепер/).waitFor()
    expect(await page.getByRole('button', { name: 'Повернути квиток' }).count()).toBe(1)
    expect(await page.getByRole('link', { name: 'Обміняти' }).count()).toBe(1)
    await cancelShowing(appUrl, session)
    await until(
      async () => {
        await page.reload()
        await page.getByText(/^Сеанс скасовано\. Гроші повертаються самі/).waitFor()
        return page.getByText(/₴: повернуто$/).count()
      },
      (refunds) => refunds === 1,
    )
    expect(await page.getByRole('button', { name: 'Повернути квиток' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Обрати інший сеанс' }).click()
    await page.locator('#showings').waitFor()
  }))
