import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, openHall, payAsGuest, payButton, waitForTickets } from './buying.ts'
import { amountIn } from './money.ts'
import { inspect } from './pages.ts'
import { newEmail, signUp } from './people.ts'
import { halvePrices } from './staff.ts'
import { appUrl, desktop, phone, test, until, visit } from './stage.ts'

const due = async (page: Page) => amountIn(await payButton(page).innerText())

test('a promo code stands behind a link: a wrong one says why, a right one lowers the total, and it can be taken away (R-300)', () =>
  visit(phone, async (page) => {
    const code = `E2E-${crypto.randomUUID().slice(0, 8).toUpperCase()}`
    await halvePrices(appUrl, code)
    await halvePrices(appUrl, `${code}-BIG`, 9)
    await openHall(page, await findShowing(appUrl, 51))
    await hold(page, await freeTogether(page, 2))
    await goToPay(page)
    const before = await due(page)
    await page.getByRole('button', { name: 'Маю промокод' }).click()
    const field = page.getByLabel('Промокод', { exact: true })
    await field.fill('NO-SUCH-CODE')
    await page.keyboard.press('Enter')
    await page.getByText('Такого промокоду немає').waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.fill(`${code}-BIG`)
    await page.keyboard.press('Enter')
    await page.getByText('Для цієї акції замовлення замале.').waitFor()
    expect(await inspect(page, 'pay-promo-refused', phone)).toEqual([])
    await field.fill(code.toLowerCase())
    await page.keyboard.press('Enter')
    await page.getByText(`Промокод ${code} діє`).first().waitFor()
    const after = await until(
      () => due(page),
      (sum) => sum < before,
    )
    // Ten of it are fees, which no code lowers.
    expect(after).toBe((before - 10) / 2 + 10)
    expect(await inspect(page, 'pay-promo', phone)).toEqual([])
    await page.getByRole('button', { name: `Прибрати промокод ${code}` }).click()
    await until(
      () => due(page),
      (sum) => sum === before,
    )
    await page.getByRole('button', { name: 'Маю промокод' }).click()
    await field.fill(code)
    await page.keyboard.press('Enter')
    await until(
      () => due(page),
      (sum) => sum === after,
    )
    await payAsGuest(page)
    await waitForTickets(page)
  }))

const buy = async (page: Page, nth: number) => {
  await openHall(page, await findShowing(appUrl, nth))
  await hold(page, await freeTogether(page, 2))
  await goToPay(page)
}

test('points come with a payment, are shown with what they are worth, and pay a part of the next order (R-310)', () =>
  visit(desktop, async (page) => {
    await signUp(page, newEmail('points'))
    await page.waitForURL('**/account')
    await page.getByRole('link', { name: 'Бали', exact: true }).click()
    await page.getByText('Поки що порожньо').waitFor()
    await buy(page, 52)
    await payButton(page).click()
    await waitForTickets(page)
    await page.goto('/account/loyalty')
    await page.getByText('За покупку').waitFor()
    const points = Number((await page.locator('section[aria-labelledby="balance"] p').first().innerText()).replaceAll(/\D/g, ''))
    expect(points).toBeGreaterThan(0)
    expect(await inspect(page, 'account-loyalty', desktop)).toEqual([])
    await buy(page, 53)
    const before = await due(page)
    await page.getByRole('slider', { name: /Сплатити балами/ }).focus()
    await page.keyboard.press('End')
    await page.getByRole('button', { name: 'Використати' }).click()
    await until(
      () => due(page),
      (sum) => sum === before - points,
    )
    await page.getByText('Сплачено балами').waitFor()
    expect(await inspect(page, 'pay-points', desktop)).toEqual([])
    await page.getByRole('button', { name: 'Не використовувати' }).click()
    await until(
      () => due(page),
      (sum) => sum === before,
    )
  }))
