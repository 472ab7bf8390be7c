import { expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, openHall, payAsGuest, tickets, waitForTickets } from './buying.ts'
import { appUrl, phone, test, until, visit } from './stage.ts'

const PICTURE = new URL('../public/icon-192.png', import.meta.url).pathname

/** A cinema where nobody else's clock is right. */
const FAR_AWAY = 'Pacific/Auckland'
const clockIn = (moment: string, timeZone: string) =>
  new Intl.DateTimeFormat('uk-UA', { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(moment))

test('one of two tickets is given back: what returns is said before, and the other stays', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 21))
    await hold(page, await freeTogether(page, 2))
    await goToPay(page)
    const [, before] = /до: .*(\d\d:\d\d)\./.exec(await page.getByText('Квитки можна повернути').innerText()) ?? []
    await payAsGuest(page)
    await waitForTickets(page)
    await page.route('**/api/v1/cinemas?*', async (route) => {
      const answer = (await (await route.fetch()).json()) as { items: object[] }
      await route.fulfill({ json: { ...answer, items: answer.items.map((cinema) => ({ ...cinema, timezone: FAR_AWAY })) } })
    })
    await page.goto('/account')
    await tickets(page).nth(1).waitFor()
    await page.getByRole('button', { name: 'Повернути квиток' }).first().click()
    const dialog = page.locator('dialog[open]')
    const refund = dialog.locator('dd').last()
    await refund.waitFor()
    expect(await dialog.getByRole('checkbox', { checked: true }).count()).toBe(1)
    const amount = await refund.innerText()
    const told = await dialog.locator('p').allInnerTexts()
    expect(told.join(' ')).toContain(`${amount} повернеться туди, звідки платили`)
    await dialog.getByRole('button', { name: `Повернути квиток і отримати ${amount}` }).click()
    await dialog.getByRole('paragraph').filter({ hasText: 'Готово, квитки повернуто.' }).waitFor()
    await dialog.getByRole('button', { name: 'Закрити', exact: true }).last().click()
    await until(
      () => tickets(page).count(),
      (left) => left === 1,
    )
    await page
      .getByText(/^(Скасовано|Гроші повернуто)$/)
      .first()
      .waitFor()
    const reply = await page.request.get('/api/v1/tickets/my', { headers: { 'x-marquee-client': 'web' } })
    const { items } = (await reply.json()) as { items: { session_id: number; status: string; final_price: number }[] }
    const back = items.find(({ status }) => status !== 'paid')
    expect([items.length, items.filter(({ status }) => status === 'paid').length]).toEqual([2, 1])
    expect(back?.status).toMatch(/^(cancelled|refunded)$/)
    const showing = await page.request.get(`/api/v1/sessions/${back?.session_id}`)
    const { start_time } = (await showing.json()) as { start_time: string }
    const cutoff = new Date(Date.parse(start_time) - 30 * 60_000).toISOString()
    expect(before).toBe(clockIn(cutoff, 'Europe/Kyiv'))
    expect(told.join(' ')).toContain(clockIn(cutoff, FAR_AWAY))
    expect(await page.locator('section[aria-labelledby="past"] li small').first().innerText()).toContain(
      clockIn(start_time, FAR_AWAY),
    )
    // The fee of its booking comes back as well.
    expect(Number(amount.replaceAll(/[^\d,]/g, '').replace(',', '.'))).toBe((back?.final_price ?? 0) + 5)
  }))

test('the profile is saved and still there after a reload; a mistake stands beside its field, and no network loses nothing', () =>
  visit(phone, async (page) => {
    await page.goto('/account/sign-up')
    await page.getByLabel('Електронна пошта').fill(`profile-${crypto.randomUUID()}@example.com`)
    await page.getByLabel('Пароль', { exact: true }).fill('Marquee-test-1')
    await page.getByRole('button', { name: 'Створити акаунт' }).click()
    await page.waitForURL('**/account')
    await page.getByRole('link', { name: 'Профіль' }).click()
    const name = page.getByLabel('Ім’я та прізвище')
    const number = page.getByLabel('Телефон')
    const language = page.getByLabel('Мова листів')
    const save = page.getByRole('button', { name: 'Зберегти' })
    await name.fill('Олена Петренко')
    await number.fill('сім')
    await language.selectOption('en')
    await save.click()
    await page.getByText('Схоже, у номері помилка').waitFor()
    expect(await number.getAttribute('aria-invalid')).toBe('true')
    expect(await name.getAttribute('aria-invalid')).toBe('false')
    await number.fill('+380 67 123 45 67')
    await page.route('**/users/me', (route) => route.abort())
    await save.click()
    await page.getByText('Немає зв’язку. Введене не загублено').waitFor()
    expect([await name.inputValue(), await number.inputValue()]).toEqual(['Олена Петренко', '+380 67 123 45 67'])
    await page.unroute('**/users/me')
    await save.click()
    await page.getByText('Збережено.').waitFor()
    expect(await number.getAttribute('aria-invalid')).toBe('false')
    await page.locator('input[type="file"]').setInputFiles(PICTURE)
    await page.getByRole('img', { name: 'Ваша світлина' }).waitFor()
    await page.reload()
    await name.waitFor()
    const picture = page.getByRole('img', { name: 'Ваша світлина' })
    await until(
      () => picture.evaluate((img: HTMLImageElement) => img.naturalWidth),
      (width) => width > 0,
    )
    expect([await name.inputValue(), await number.inputValue(), await language.inputValue()]).toEqual([
      'Олена Петренко',
      '+380 67 123 45 67',
      'en',
    ])
  }))
