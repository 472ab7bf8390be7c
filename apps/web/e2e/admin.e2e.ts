import { expect } from 'vitest'

import { inspect } from './pages.ts'
import { enterBy, newEmail, PASSWORD, signUp } from './people.ts'
import { appUrl, desktop, phone, test, visit } from './stage.ts'

const DEMO = 'Marquee-demo-1'

test('a person gets a role and at once sees the staff area; blocked, they are out; the log tells who did it', () =>
  visit(phone, async (page) => {
    const email = newEmail('staff')
    await signUp(page, email)
    await page.waitForURL('**/account')
    await page.goto('/staff')
    await page.getByRole('heading', { name: 'Тут працює персонал' }).waitFor()

    await visit(desktop, async (admin) => {
      await admin.goto('/staff')
      await enterBy(admin, 'admin@marquee.test', DEMO)
      await admin.getByRole('navigation', { name: 'Розділи для персоналу' }).getByRole('link', { name: 'Люди' }).click()
      await admin.locator('tbody tr').nth(1).waitFor()
      const faults = await inspect(admin, 'staff-users', desktop)
      await admin.keyboard.press('/')
      await admin.keyboard.type(email.slice(0, 20))
      await admin.waitForURL('**/staff/users?q=staff-**')
      await admin.getByText(email).waitFor()
      await admin.locator('h1').click()
      await admin.keyboard.press('ArrowDown')
      await admin.keyboard.press('Enter')
      await admin.getByRole('heading', { name: 'Олена Петренко' }).waitFor()
      await admin.locator('section[aria-labelledby="role"] select').selectOption('cashier')
      await admin.getByLabel('Marquee Podil').check()
      await admin.getByRole('button', { name: 'Зберегти' }).click()
      await admin.getByText('Глядач → Касир').waitFor()
      await admin.getByRole('button', { name: 'Змінити роль' }).click()
      await admin.getByText('Права змінено.').waitFor()
      faults.push(...(await inspect(admin, 'staff-user', desktop)))

      await page.reload()
      await page.getByRole('heading', { name: 'Вітаємо, Олена' }).waitFor()
      await page.getByText('Marquee Podil').waitFor()

      await admin.getByRole('button', { name: 'Заблокувати' }).click()
      await admin.getByText('одразу вийде на всіх пристроях').waitFor()
      await admin.locator('dialog[open]').getByRole('button', { name: 'Заблокувати' }).click()
      await admin.getByText('Акаунт заблоковано.').waitFor()
      await page.reload()
      await page.getByText('Увійдіть робочим акаунтом.').waitFor()

      await admin.getByRole('link', { name: 'Журнал змін цього акаунта' }).click()
      const entry = admin.locator('details').filter({ hasText: 'Акаунт: змінено' }).last()
      await entry.locator('summary').click()
      await entry.getByRole('row', { name: /role customer cashier/ }).waitFor()
      faults.push(...(await inspect(admin, 'staff-audit', desktop)))
      expect(faults).toEqual([])
    })
  }))

test('an admin looks through somebody’s eyes: a banner says so everywhere, nothing can be changed, and one tap leads back', () =>
  visit(desktop, async (page) => {
    await page.goto('/staff')
    await enterBy(page, 'admin@marquee.test', DEMO)
    await page.getByRole('link', { name: 'Люди' }).first().click()
    await page.getByLabel('Пошук').fill('customer@marquee.test')
    await page.waitForURL('**/staff/users?q=**')
    await page.locator('tbody tr').filter({ hasText: 'customer@marquee.test' }).getByRole('link').click()
    await page.getByLabel('Навіщо').fill('Запит 812')
    await page.getByRole('button', { name: 'Подивитися' }).click()
    await page.waitForURL('**/account')
    const banner = page.getByRole('complementary', { name: 'Перегляд чужими очима' })
    await banner.getByText('Ви дивитеся як').waitFor()
    await page.getByText('customer@marquee.test').waitFor()
    expect(await page.evaluate(() => localStorage.getItem('marquee_tickets'))).toBe(null)
    await page.getByRole('link', { name: 'Профіль' }).click()
    await page.getByRole('button', { name: 'Зберегти' }).click()
    await page.getByText('Ви дивитеся чужими очима: змінювати').waitFor()
    expect(await inspect(page, 'look', desktop)).toEqual([])
    await banner.getByRole('button', { name: /^Завершити/ }).click()
    await page.waitForURL('**/staff/users/*')
    await page.getByRole('heading', { name: 'Доступ' }).waitFor()
    expect(await banner.count()).toBe(0)
  }))

test('an admin resets a lost second factor, and deletes an account only once its address is typed', () =>
  visit(desktop, async (page) => {
    const email = newEmail('leaver')
    const { status } = await fetch(`${appUrl}/api/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD, full_name: 'Іван Франко' }),
    })
    expect(status).toBe(201)
    await page.goto(`/staff/users?q=${encodeURIComponent(email)}`)
    await enterBy(page, 'admin@marquee.test', DEMO)
    await page.locator('tbody tr').filter({ hasText: email }).getByRole('link').click()
    const dialog = page.locator('dialog[open]')
    await page.getByRole('button', { name: 'Скинути двоетапний вхід' }).click()
    await dialog.getByRole('button', { name: 'Скинути двоетапний вхід' }).click()
    await page.getByText('Двоетапний вхід скинуто.').waitFor()

    await page.getByRole('button', { name: 'Видалити акаунт…' }).click()
    const remove = dialog.getByRole('button', { name: 'Видалити назавжди' })
    await dialog.getByLabel('введіть пошту').fill('somebody@example.com')
    expect(await remove.isDisabled()).toBe(true)
    await dialog.getByLabel('введіть пошту').fill(email)
    expect(await inspect(page, 'staff-delete', desktop)).toEqual([])
    await remove.click()
    await page.waitForURL('**/staff/users')
    await page.getByText('Акаунт видалено.').waitFor()
    const late = await fetch(`${appUrl}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
    })
    expect(late.status).toBe(401)
  }))
