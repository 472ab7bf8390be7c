import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import {
  emailField,
  findShowing,
  freeTogether,
  goToPay,
  hold,
  openHall,
  payAsGuest,
  payButton,
  seat,
  tap,
  tickets,
  waitForTickets,
} from './buying.ts'
import { mailedLink } from './mailbox.ts'
import { amountIn } from './money.ts'
import { inspect } from './pages.ts'
import { newEmail } from './people.ts'
import { appData, appUrl, desktop, phone, test, until, visit } from './stage.ts'

/** What a booking of one ticket costs more on the web in the demo's cinemas. */
const FEE = 5

const basket = (page: Page) => page.locator('section[aria-label="Ваші місця"]')
const total = async (page: Page) => amountIn(await basket(page).locator('b').last().innerText())
const typeOf = (page: Page, nth = 0) => basket(page).locator('select').nth(nth)

test('a child beside an adult costs less: the total with its fee is there from the first seat, and it is what is paid', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 43))
    await hold(page, await freeTogether(page, 2))
    const options = await typeOf(page).locator('option').allInnerTexts()
    const [adult = 0, child = 0] = ['Дорослий', 'Дитячий'].map((name) =>
      amountIn(options.find((one) => one.startsWith(name)) ?? ''),
    )
    expect(child).toBeLessThan(adult)
    await until(
      () => total(page),
      (sum) => sum === 2 * (adult + FEE),
    )
    await basket(page).getByText('зі збором за бронювання 10 ₴').waitFor()
    await typeOf(page).selectOption('child')
    await until(
      () => total(page),
      (sum) => sum === adult + child + 2 * FEE,
    )
    expect(await page.locator('[data-voice]').innerText()).toMatch(/^Разом /)
    await page.getByRole('button', { name: 'Чому стільки?' }).click()
    await page.locator('dialog[open]').getByText('Тип квитка: Дитячий').waitFor()
    expect(await inspect(page, 'why-this-price', phone)).toEqual([])
    await page.keyboard.press('Escape')
    await goToPay(page)
    expect(amountIn(await payButton(page).innerText())).toBe(adult + child + 2 * FEE)
    await page.getByText('Збір за бронювання', { exact: true }).waitFor()
    await payAsGuest(page)
    await waitForTickets(page)
    await page.getByText('Дитячий').first().waitFor()
  }))

test('a place for a wheelchair and the one beside it take as many taps as any other, and company costs its own price', () =>
  visit(desktop, async (page) => {
    await openHall(page, await findShowing(appUrl, 44))
    const [wheelchair = 0, companion = 0] = await page.evaluate(() => {
      const free = '[data-look="free"]'
      const places = [...document.querySelectorAll(`[data-type="wheelchair"]${free}, [data-type="companion"]${free}`)]
      const at = places.findIndex(
        (place, index) =>
          place.getAttribute('data-type') === 'wheelchair' && places[index + 1]?.getAttribute('data-type') === 'companion',
      )
      return places.slice(at, at + 2).map((place) => Number(place.getAttribute('data-seat')))
    })
    const names = await Promise.all([wheelchair, companion].map((id) => seat(page, id).getAttribute('aria-label')))
    const [own = 0, company = 0] = names.map((name) => amountIn(name ?? ''))
    expect(company).toBe(own / 2)
    await tap(page, wheelchair)
    await tap(page, companion)
    await seat(page, companion).and(page.locator('[data-look="mine"]')).waitFor({ state: 'attached' })
    expect([await typeOf(page, 0).inputValue(), await typeOf(page, 1).inputValue()].toSorted()).toEqual(['adult', 'companion'])
    await until(
      () => total(page),
      (sum) => sum === own + company + 2 * FEE,
    )
    // However much stands above it, the way on is in sight on a small laptop.
    await page.setViewportSize({ width: 1280, height: 720 })
    const box = await page.getByRole('link', { name: 'До оплати' }).boundingBox()
    const hall = await basket(page).boundingBox()
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((hall?.y ?? 0) + (hall?.height ?? 0))
  }))

const newSeats = async (page: Page, count: number, skip = 0) => {
  await page.locator('[data-seat]').first().waitFor({ state: 'attached' })
  for (const id of await freeTogether(page, count, skip)) await tap(page, id)
}

test('two tickets change to other seats of the same screening at once, and the old ones are good no more', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 45))
    await hold(page, await freeTogether(page, 2))
    await goToPay(page)
    await payAsGuest(page)
    await waitForTickets(page)
    const before = page.url()
    await page.getByRole('link', { name: 'Обміняти' }).click()
    await page.getByText('Ваш сеанс, інші місця').click()
    await newSeats(page, 2, 1)
    await page.getByText('Обмін відбудеться одразу').waitFor()
    expect(await inspect(page, 'exchange', phone)).toEqual([])
    await page.getByRole('button', { name: 'Обміняти', exact: true }).click()
    await page.getByText('Обміняно. Ось ваші нові квитки.').first().waitFor()
    await waitForTickets(page)
    expect(page.url()).not.toBe(before)
    expect(await tickets(page).count()).toBe(2)
    await page.goto(before)
    await page.getByText('Скасовано').nth(1).waitFor()
  }))

test('a ticket changes to a dearer seat: the difference is told, paid, and then the new one is good', () =>
  visit(desktop, async (page) => {
    await openHall(page, await findShowing(appUrl, 46))
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    await payAsGuest(page)
    await waitForTickets(page)
    await page.getByRole('link', { name: 'Обміняти' }).click()
    await page.getByText('Ваш сеанс, інші місця').click()
    await page.locator('[data-seat]').first().waitFor({ state: 'attached' })
    const dear = await page.locator('[data-type="premium"][data-look="free"]').nth(3).getAttribute('data-seat')
    await tap(page, Number(dear))
    const button = page.getByRole('button', { name: /^Далі: доплатити/ })
    const due = amountIn(await button.innerText())
    expect(due).toBeGreaterThan(0)
    await button.click()
    await page.locator('form#pay').waitFor()
    expect(amountIn(await payButton(page).innerText())).toBe(due)
    await page.getByText('Уже зараховано').waitFor()
    await payButton(page).click()
    await waitForTickets(page)
    expect(await tickets(page).count()).toBe(1)
  }))

test('whoever has no more than the link in the mail changes to a dearer seat, pays the difference and holds the new ticket', async () => {
  const email = newEmail('link')
  await visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 48))
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    await payAsGuest(page, email)
    await waitForTickets(page)
  })
  const link = await mailedLink(appData, email, 'order_paid')
  await visit(phone, async (page) => {
    await page.goto(link)
    await waitForTickets(page)
    const exchange = async () => {
      await page.getByRole('link', { name: 'Обміняти' }).click()
      await page.getByText('Ваш сеанс, інші місця').click()
      await page.locator('[data-seat]').first().waitFor({ state: 'attached' })
      const dear = await page.locator('[data-type="premium"][data-look="free"]').nth(3).getAttribute('data-seat')
      await tap(page, Number(dear))
      await page.getByRole('button', { name: /^Далі: доплатити/ }).click()
    }
    await exchange()
    await page.locator('form#pay').waitFor()
    expect(await emailField(page).count()).toBe(0)
    expect(await inspect(page, 'pay-by-link', phone)).toEqual([])
    // Who went away from it finds the way back to the same payment.
    await page.goto(link)
    await waitForTickets(page)
    await exchange()
    await page.getByRole('link', { name: 'До оплати обміну' }).click()
    await page.locator('form#pay').waitFor()
    await payButton(page).click()
    await waitForTickets(page)
    expect(await tickets(page).count()).toBe(1)
    expect(page.url()).not.toContain(link)
  })
})

test('what was given back is seen on the page of its order, with its papers', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 47))
    await hold(page, await freeTogether(page, 2))
    await goToPay(page)
    await payAsGuest(page)
    await waitForTickets(page)
    await page.getByRole('button', { name: 'Повернути квитки' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.locator('dd').last().waitFor()
    expect(await inspect(page, 'give-back', phone)).toEqual([])
    await dialog.getByRole('checkbox').first().uncheck()
    await dialog.getByRole('button', { name: /^Повернути квиток і отримати/ }).click()
    await dialog.getByText('Готово, квитки повернуто.').first().waitFor()
    await dialog.getByRole('button', { name: 'Закрити', exact: true }).last().click()
    await page.getByRole('heading', { name: 'Повернення грошей' }).waitFor()
    await page.getByRole('heading', { name: 'Чеки' }).waitFor()
    await page.getByText('Чек на оплату').waitFor()
    const download = page.waitForEvent('download')
    await page
      .getByRole('button', { name: /^Завантажити PDF/ })
      .first()
      .click()
    expect((await download).suggestedFilename()).toMatch(/\.pdf$/)
    expect(await inspect(page, 'order-returned', phone)).toEqual([])
  }))
