import { expect } from 'vitest'

import { enterDesk } from './desk.ts'
import { inspect } from './pages.ts'
import { appUrl, desktop, phone, test, visit } from './stage.ts'

test('a manager sees what a buyer pays on Friday at 20:00, and a card that meets another one is refused by its name', () =>
  visit(desktop, async (page) => {
    await enterDesk(page, 'manager', '/staff/prices')
    const preview = page.getByRole('region', { name: 'Скільки заплатить глядач?' })
    await preview.getByText(/ятниця, /).waitFor()
    await preview.getByRole('link', { name: 'Weekend evenings' }).waitFor()
    const adult = preview.getByRole('row', { name: /Дорослий/ }).getByRole('cell')
    expect(await adult.first().textContent()).toMatch(/^245\s₴240\s₴ \+ збір 5\s₴$/)
    const faults = await inspect(page, 'desk-prices', desktop)
    await page.getByRole('link', { name: 'Новий прайс' }).click()
    await page.getByLabel('Назва').fill('Ночі')
    await page.getByLabel('Початок з').fill('22:00')
    for (const [name, price] of [
      ['Звичайне', '150'],
      ['Преміум', '170,5'],
      ['VIP', '190'],
    ] as const)
      await page.getByRole('textbox', { name, exact: true }).first().fill(price)
    await page.getByRole('button', { name: 'Новий прайс' }).click()
    const clash = page.getByRole('alert').filter({ hasText: 'уже охоплює інший прайс' })
    await clash.getByRole('link', { name: /Week(day|end) evenings/ }).waitFor()
    faults.push(...(await inspect(page, 'desk-card-clash', desktop)))
    // IMAX has no cards in the demo, so that this one meets none, and nobody else's prices change.
    await page.getByRole('checkbox', { name: '2D' }).uncheck()
    await page.getByRole('checkbox', { name: 'IMAX' }).check()
    await page.locator('fieldset').filter({ hasText: 'Студентський' }).getByRole('combobox').selectOption('not_sold')
    await page.getByRole('button', { name: 'Новий прайс' }).click()
    await page.getByText('Прайс створено.').waitFor()
    await preview.getByLabel('Початок').fill('23:00')
    await preview.getByLabel('Формат').selectOption('imax')
    await preview
      .getByRole('row', { name: /VIP|Дорослий 155/ })
      .first()
      .waitFor()
    await preview.getByText('175,50').waitFor()
    expect(await preview.getByRole('row', { name: /Студентський/ }).textContent()).toContain('не продається')
    await page.locator('table').last().getByRole('link', { name: 'Ночі' }).click()
    await page.getByRole('button', { name: 'В архів…' }).click()
    await page.locator('dialog[open]').getByRole('button', { name: 'Перенести в архів' }).click()
    await page.getByText('Цей прайс в архіві').waitFor()
    expect(faults).toEqual([])
  }))

test('on a phone a manager changes a type of ticket, what the cinema adds, and its terms', () =>
  visit(phone, async (page) => {
    await enterDesk(page, 'manager', '/staff/prices/types')
    await page.getByRole('button', { name: 'Студентський' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.getByLabel('Знижка від повної ціни, %').fill('сто')
    await dialog.getByRole('button', { name: 'Зберегти' }).click()
    await dialog.getByText('Перевірте це поле').waitFor()
    const faults = await inspect(page, 'desk-type', phone)
    await dialog.getByLabel('Знижка від повної ціни, %').fill('20')
    await dialog.getByRole('button', { name: 'Зберегти' }).click()
    await page.getByText('Тип змінено.').waitFor()
    faults.push(...(await inspect(page, 'desk-types', phone)))
    await page.getByRole('link', { name: 'Збори й повернення' }).click()
    await page.getByRole('button', { name: 'Зберегти' }).first().click()
    await page.getByText('Правила збережено.').waitFor()
    await page.getByLabel('За скільки хвилин').fill('30')
    await page.getByRole('button', { name: 'Зберегти' }).last().click()
    await page.getByText('Умови збережено.').waitFor()
    faults.push(...(await inspect(page, 'desk-rules', phone)))
    await page.goto('/staff/prices')
    await page.getByRole('heading', { name: 'Скільки заплатить глядач?' }).waitFor()
    faults.push(...(await inspect(page, 'desk-prices', phone)))
    await page.locator('[data-row]').first().click()
    await page.getByRole('heading', { name: 'Коли діє' }).waitFor()
    faults.push(...(await inspect(page, 'desk-card', phone)))
    expect(faults).toEqual([])
  }))

test('a cashier sees neither prices nor screenings nor sales, and is told so when an address leads there', () =>
  visit(phone, async (page) => {
    await enterDesk(page, 'cashier', '/staff')
    const nav = page.getByRole('navigation', { name: 'Розділи для персоналу' })
    expect(await nav.getByRole('link').allTextContents()).toEqual(['Огляд'])
    for (const path of ['prices', 'prices/types', 'prices/rules', 'prices/new', 'screenings', 'promotions', 'sales/orders']) {
      await page.goto(`${appUrl}/staff/${path}`)
      await page.getByRole('heading', { name: 'Цей розділ не для вашої ролі' }).waitFor()
    }
  }))

test('a manager makes a promotion, sees by a dry run what it would do, and only then starts it', () =>
  visit(desktop, async (page) => {
    await enterDesk(page, 'manager', '/staff/promotions/new')
    await page.getByLabel('Знижка, %').fill('15')
    const code = `DESK-${Date.now()}`
    await page.getByLabel('Коди').fill(code)
    for (const language of ['українською', 'російською', 'англійською'])
      await page.getByLabel(`Назва ${language}`).fill(`Акція ${code}`)
    await page.getByLabel('Додати фільм за назвою').fill('дюна')
    await page
      .getByRole('button', { name: /^Додати фільм «Дюна/ })
      .first()
      .waitFor()
    // Enter takes the first one and does not send the form.
    await page.keyboard.press('Enter')
    const film = page.getByRole('button', { name: /^Прибрати фільм «Дюна/ })
    await film.waitFor()
    await page.getByRole('checkbox', { name: 'VIP' }).check()
    const faults = await inspect(page, 'desk-promotion-new', desktop)
    await page.getByRole('button', { name: 'Нова акція' }).click()
    await page.getByText('Акцію створено, вона вимкнена.').waitFor()
    await page.getByRole('button', { name: 'Зберегти' }).click()
    await page.getByText('Акцію змінено.').waitFor()
    await page.reload()
    // What it is limited to is there as it was after it was saved twice.
    await film.waitFor()
    expect(await page.getByRole('checkbox', { name: 'VIP' }).isChecked()).toBe(true)
    await film.click()
    await page.getByRole('checkbox', { name: 'VIP' }).uncheck()
    await page.getByRole('button', { name: 'Зберегти' }).click()
    await page.getByText('Акцію змінено.').waitFor()
    await page.reload()
    await page.getByRole('checkbox', { name: 'VIP' }).waitFor({ state: 'attached' })
    expect([await film.count(), await page.getByRole('checkbox', { name: 'VIP' }).isChecked()]).toEqual([0, false])
    const trial = page.getByRole('region', { name: 'Пробний розрахунок' })
    await trial.getByLabel('Замовлення за').selectOption('30')
    await trial.getByRole('button', { name: 'Порахувати' }).click()
    await trial.getByText('Подешевшали б').waitFor()
    faults.push(...(await inspect(page, 'desk-promotion', desktop)))
    await page.getByRole('button', { name: 'Увімкнути…' }).click()
    await page.locator('dialog[open]').getByRole('button', { name: 'Увімкнути' }).click()
    await page.getByText('Акція діє.').waitFor()
    await page.getByRole('button', { name: 'Вимкнути…' }).click()
    // What was just said lies above the veil, where it can be read and sent away.
    const dialog = page.locator('dialog[open]')
    await dialog.getByRole('status').filter({ hasText: 'Акція діє.' }).getByRole('button', { name: 'Закрити' }).click()
    expect(await page.getByText('Акція діє.').count()).toBe(0)
    await dialog.getByRole('button', { name: 'Вимкнути' }).click()
    await page.getByText('Акцію вимкнено.').waitFor()
    await page.getByRole('link', { name: '← Акції' }).click()
    await page.locator('tr').filter({ hasText: code }).getByText('Вимкнено').waitFor()
    faults.push(...(await inspect(page, 'desk-promotions', desktop)))
    expect(faults).toEqual([])
  }))
