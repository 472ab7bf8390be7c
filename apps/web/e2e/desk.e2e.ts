import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { buyTwo, buyTwoWithHall, buyWheelchairs, enterDesk, findTakenHall } from './desk.ts'
import { inspect } from './pages.ts'
import { appUrl, desktop, phone, test, visit } from './stage.ts'

const dialogOf = (page: Page) => page.locator('dialog[open]')

/** Types the word that stands under the field. */
const typeWord = async (page: Page) => {
  const field = dialogOf(page).getByLabel('Щоб підтвердити, введіть')
  const hint = await field.getAttribute('aria-describedby')
  await field.fill((await page.locator(`[id="${hint}"]`).textContent()) ?? '')
}

test('a manager looks whom a cancelled screening concerns, types its film, and follows the money of each order to its end', () =>
  visit(desktop, async (page) => {
    const { session_id, reference } = await buyTwo(appUrl, 0)
    await enterDesk(page, 'manager', `/staff/screenings/${session_id}`)
    await page.getByRole('button', { name: 'Скасувати сеанс…' }).click()
    const dialog = dialogOf(page)
    await dialog.getByText('Оплачених квитків').waitFor()
    const cancel = dialog.getByRole('button', { name: /^Скасувати й повернути/ })
    expect(await cancel.isDisabled()).toBe(true)
    const faults = await inspect(page, 'desk-cancel', desktop)
    await dialog.getByLabel('Щоб підтвердити, введіть').fill('щось інше')
    expect(await cancel.isDisabled()).toBe(true)
    await dialog.getByLabel('Слово глядачам').fill('Проектор зламався. Просимо вибачення.')
    await typeWord(page)
    await cancel.click()
    await page.getByText('Сеанс скасовано. Гроші повертаються.').waitFor()
    const done = page.getByRole('region', { name: 'Що змінювали' })
    await done.getByText('Проектор зламався. Просимо вибачення.').waitFor()
    await page.getByRole('heading', { name: 'Усе, що можна, повернуто' }).waitFor()
    await page.getByText(/^(\d+) з \1$/).waitFor()
    await page.locator('li').filter({ hasText: reference }).getByText('Повернуто', { exact: true }).waitFor()
    faults.push(...(await inspect(page, 'desk-progress', desktop)))
    await page.goto('/staff/sales/refunds')
    await page.locator('tr').filter({ hasText: reference }).getByText('Повернуто', { exact: true }).waitFor()
    faults.push(...(await inspect(page, 'desk-refunds', desktop)))
    expect(faults).toEqual([])
  }))

test('a manager sees where everybody would sit in another hall before the hall is changed', () =>
  visit(phone, async (page) => {
    const { session_id, hall_id } = await buyTwoWithHall(appUrl)
    await enterDesk(page, 'manager', `/staff/screenings/${session_id}`)
    await page.getByLabel('До зали').selectOption(String(hall_id))
    await page.getByRole('button', { name: 'Подивитися, хто де сидітиме' }).click()
    const dialog = dialogOf(page)
    await dialog.getByRole('heading', { name: 'Місце за місцем' }).waitFor()
    expect(await dialog.locator('ul li').count()).toBeGreaterThanOrEqual(2)
    const faults = await inspect(page, 'desk-swap', phone)
    await dialog.getByRole('button', { name: /^Змінити залу/ }).click()
    await page.getByText('Залу змінено.').waitFor()
    await page.getByRole('region', { name: 'Що змінювали' }).getByText('Інша зала').waitFor()
    faults.push(...(await inspect(page, 'desk-screening', phone)))
    await page.goto('/staff/screenings')
    await page.getByRole('button', { name: 'Наступний день' }).click()
    await page.locator('tbody tr').first().waitFor()
    faults.push(...(await inspect(page, 'desk-day', phone)))
    expect(faults).toEqual([])
  }))

test('whoever has no place in the other hall is told of before; the manager decides, and only they get their money back', () =>
  visit(desktop, async (page) => {
    const { session_id, hall_id, bought } = await buyWheelchairs(appUrl)
    await enterDesk(page, 'manager', `/staff/screenings/${session_id}`)
    await page.getByLabel('До зали').selectOption(String(hall_id))
    await page.getByRole('button', { name: 'Подивитися, хто де сидітиме' }).click()
    const dialog = dialogOf(page)
    await dialog.getByText('Що робити з квитками без місця?').waitFor()
    expect(await dialog.locator('li').filter({ hasText: 'місця немає' }).count()).toBe(1)
    const swap = dialog.getByRole('button', { name: /^Змінити/ })
    expect(await swap.isDisabled()).toBe(true)
    await dialog.getByLabel('Нічого не змінювати, доки комусь бракує місця').check()
    await swap.click()
    await dialog.getByText('Для частини квитків місця там немає').waitFor()
    await dialog.getByLabel('Повернути за них усі гроші').check()
    expect(await swap.isDisabled()).toBe(true)
    const faults = await inspect(page, 'desk-swap-unplaced', desktop)
    await typeWord(page)
    await swap.click()
    await page.getByText('Залу змінено.').waitFor()
    await page.getByRole('region', { name: 'Що змінювали' }).getByText('Інша зала').waitFor()
    await page.goto('/staff/sales/refunds')
    await page.locator('tbody tr').first().waitFor()
    const givenBack = await Promise.all(
      bought.map(({ reference }) =>
        page.locator('tr').filter({ hasText: reference }).getByText('Повернуто', { exact: true }).count(),
      ),
    )
    expect(givenBack.toSorted()).toEqual([0, 1])
    expect(faults).toEqual([])
  }))

test('a hall that is taken at that time is named, with what takes it, before anybody may press the button', () =>
  visit(phone, async (page) => {
    const { session_id, hall_id, title } = await findTakenHall(appUrl)
    await enterDesk(page, 'manager', `/staff/screenings/${session_id}`)
    await page.getByLabel('До зали').selectOption(String(hall_id))
    await page.getByRole('button', { name: 'Подивитися, хто де сидітиме' }).click()
    const dialog = dialogOf(page)
    await dialog
      .getByText(/^Зала зайнята: «/)
      .filter({ hasText: title })
      .waitFor()
    expect(await dialog.getByRole('button', { name: /^Змінити залу/ }).isDisabled()).toBe(true)
    expect(await inspect(page, 'desk-swap-taken', phone)).toEqual([])
  }))

test('a screening is moved only once it was agreed to tell its holders', () =>
  visit(desktop, async (page) => {
    const { session_id } = await buyTwo(appUrl, 2)
    await enterDesk(page, 'manager', `/staff/screenings/${session_id}`)
    const start = page.getByLabel('Новий початок')
    const was = await start.inputValue()
    await start.fill(was.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)))
    await page.getByRole('button', { name: 'Подивитися, кого це стосується' }).click()
    const move = dialogOf(page).getByRole('button', { name: 'Перенести сеанс' })
    await move.waitFor()
    expect(await move.isDisabled()).toBe(true)
    await dialogOf(page).getByLabel('Слово глядачам').fill('Фільм довший, ніж ми казали.')
    const faults = await inspect(page, 'desk-move', desktop)
    await dialogOf(page)
      .getByRole('checkbox', { name: /^Повідомити/ })
      .check()
    await move.click()
    await page.getByText('Сеанс перенесено.').waitFor()
    const changes = page.getByRole('region', { name: 'Що змінювали' })
    await changes.getByText('Перенесено').waitFor()
    await changes.getByText('Фільм довший, ніж ми казали.').waitFor()
    expect(faults).toEqual([])
  }))

test('on a phone a manager finds an order and gives a ticket back beyond the terms, for which a reason is needed', () =>
  visit(phone, async (page) => {
    const { reference } = await buyTwo(appUrl, 1)
    await enterDesk(page, 'manager', '/staff/sales')
    await page.waitForURL('**/staff/sales/orders')
    await page.locator('tbody tr').first().waitFor()
    const faults = await inspect(page, 'desk-orders', phone)
    await page.getByLabel('Номер замовлення').fill(reference)
    await page.waitForURL(`**/orders?reference=${reference}`)
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Вивантажити CSV' }).click()
    expect((await saved).suggestedFilename()).toMatch(/^orders_.*\.csv$/)
    await page.getByRole('link', { name: reference }).click()
    const tickets = page.getByRole('region', { name: 'Квитки' })
    await tickets.getByRole('checkbox').first().check()
    await tickets.getByRole('checkbox', { name: /^Понад умови/ }).check()
    const back = tickets.getByRole('button', { name: /^Забрати 1 квиток і повернути/ })
    await back.waitFor()
    expect(await back.isDisabled()).toBe(true)
    await tickets.getByLabel('Причина (обов’язково)').fill('Проєктор погас')
    faults.push(...(await inspect(page, 'desk-order', phone)))
    await back.click()
    await page.getByText('Квитки забрано, гроші повертаються.').waitFor()
    await page.getByText('Частково повернуто').first().waitFor()
    await page.goto('/staff/sales/receipts')
    await page.locator('tbody tr').first().waitFor()
    const papers = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Вивантажити CSV' }).click()
    expect((await papers).suggestedFilename()).toMatch(/^receipts_.*\.csv$/)
    for (const name of ['payments', 'receipts', 'alarms']) {
      await page.goto(`/staff/sales/${name}`)
      await page.locator(`nav a[aria-current][href="/staff/sales/${name}"]`).waitFor()
      faults.push(...(await inspect(page, `desk-${name}`, phone)))
    }
    expect(faults).toEqual([])
  }))
