import { expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, openHall, payAsGuest, tickets, waitForTickets } from './buying.ts'
import { appUrl, phone, test, until, visit } from './stage.ts'

test('one of two tickets is given back: what returns is said before, and the other stays', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 21))
    await hold(page, await freeTogether(page, 2))
    await goToPay(page)
    await payAsGuest(page)
    await waitForTickets(page)
    await page.goto('/account')
    await tickets(page).nth(1).waitFor()
    await page.getByRole('button', { name: 'Повернути квиток' }).first().click()
    const said = await page
      .locator('dialog[open]')
      .getByText(/На вашу картку повернеться/)
      .innerText()
    const [amount] = /[\d\s,]+₴/.exec(said) ?? []
    expect(amount).toBeDefined()
    await page
      .locator('dialog[open]')
      .getByRole('button', { name: /^Повернути / })
      .click()
    await page.getByText('Квиток повернуто. Гроші вже в дорозі.').first().waitFor()
    await until(
      () => tickets(page).count(),
      (left) => left === 1,
    )
    await page
      .getByText(/^(Повернуто|Гроші повернуто)$/)
      .first()
      .waitFor()
    const reply = await page.request.get('/api/v1/tickets/my', { headers: { 'x-marquee-client': 'web' } })
    const { items } = (await reply.json()) as { items: { status: string; final_price: number }[] }
    const back = items.find(({ status }) => status !== 'paid')
    expect([items.length, items.filter(({ status }) => status === 'paid').length]).toEqual([2, 1])
    expect(back?.status).toMatch(/^(cancelled|refunded)$/)
    expect(Number(amount?.replaceAll(/[^\d,]/g, '').replace(',', '.'))).toBe(back?.final_price)
  }))
