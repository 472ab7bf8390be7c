import { beforeAll, expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, mine, openHall, payAsGuest, waitForTickets } from './buying.ts'
import { appUrl, desktop, hastyUrl, phone, test, until, untilHasty, visit } from './stage.ts'

/** By how much a hold is prolonged there. */
const EXTENSION_SECONDS = 6

beforeAll(untilHasty)

const seconds = (clock: string | null) => {
  const [minutes = 0, rest = 0] = (clock ?? '').split(':').map(Number)
  return minutes * 60 + rest
}

test('more time is given once; when it is over, a sentence says so and leads back to the same seats', () =>
  visit(
    phone,
    async (page) => {
      await openHall(page, await findShowing(hastyUrl, 0))
      await hold(page, await freeTogether(page, 1))
      const timer = page.getByRole('timer')
      const more = page.getByRole('button', { name: '+ 5 хвилин' })
      await more.click()
      await until(
        async () => seconds(await timer.textContent()),
        (left) => left > EXTENSION_SECONDS,
      )
      await more.waitFor({ state: 'detached' })
      await page.getByText('Час вийшов, і місця знову вільні для всіх.').waitFor()
      expect(await mine(page).count()).toBe(0)
      await page.getByRole('button', { name: 'Взяти ті самі місця' }).click()
      await mine(page).first().waitFor({ state: 'attached' })
    },
    { url: hastyUrl },
  ))

test('time that runs out at the payment is told, nothing is charged, and the way leads back to the hall', () =>
  visit(
    desktop,
    async (page) => {
      await openHall(page, await findShowing(hastyUrl, 1))
      await hold(page, await freeTogether(page, 1))
      await goToPay(page)
      await page.getByText('Час вийшов, місця знову вільні для всіх. З вас нічого не списано.').waitFor()
      await page.getByRole('link', { name: 'Обрати місця знову' }).click()
      await page.locator('[data-seat]').first().waitFor({ state: 'attached' })
    },
    { url: hastyUrl },
  ))

test('a reload keeps the seats and the countdown, in the hall and at the payment', () =>
  visit(phone, async (page) => {
    await openHall(page, await findShowing(appUrl, 6))
    await hold(page, await freeTogether(page, 2))
    const timer = page.getByRole('timer')
    const before = seconds(await timer.textContent())
    await page.reload()
    await mine(page).nth(1).waitFor({ state: 'attached' })
    const after = seconds(await timer.textContent())
    expect(after).toBeLessThanOrEqual(before + 1)
    expect(after).toBeGreaterThan(before - 90)
    await goToPay(page)
    await page.reload()
    // A page learns the server's clock from a header of whole seconds.
    expect(seconds(await timer.textContent())).toBeLessThanOrEqual(after + 1)
    await payAsGuest(page)
    await waitForTickets(page)
    expect(await page.locator('article').count()).toBe(2)
  }))
