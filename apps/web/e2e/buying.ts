import type { Page } from 'playwright-core'

import { settle } from './pages.ts'

/** Days that only tests look at which change a showing for everybody. */
export const LATER = 5

/** On Tuesdays a promotion of the demo lowers some prices by itself. */
const CHEAP_DAY = 2

/** A showing of tomorrow or later with most of its seats free; each caller names a different one by `nth`. */
export const findShowing = async (url: string, nth = 0, atLeast = 110, from = 1): Promise<number> => {
  const days = Array.from({ length: 5 }, (_, index) => new Date(Date.now() + (index + from) * 86_400_000))
    .filter((day) => day.getUTCDay() !== CHEAP_DAY)
    .slice(0, 4)
    .map((day) => day.toISOString().slice(0, 10))
  const lists = await Promise.all(
    days.map((day) => fetch(`${url}/api/v1/sessions?date=${day}&size=100`).then((reply) => reply.json())),
  )
  const sessions = (lists as { items: { id: number; available_seats: number }[] }[]).flatMap(({ items }) => items)
  const open = sessions.filter(({ available_seats }) => available_seats >= atLeast)
  const found = open[nth % Math.max(open.length, 1)]
  if (!found) throw new Error('No showing of the coming days has room.')
  return found.id
}

export const openHall = async (page: Page, session: number) => {
  await page.goto(`/showing/${session}`)
  await page.locator('[data-seat]').first().waitFor({ state: 'attached' })
  await settle(page)
}

export const seat = (page: Page, id: number) => page.locator(`[data-seat="${id}"]`)
export const mine = (page: Page) => page.locator('[data-seat][data-look="mine"]')

/** Wider than this between two seats is an aisle. */
const AISLE = 55

/** Ids of free ordinary seats side by side, two free ones on both sides before an aisle or a wall: no rule is in the way. */
export const freeTogether = async (page: Page, count: number, skip = 0): Promise<number[]> => {
  const found = await page.locator('svg g[role="group"]').evaluateAll(
    (groups, { wanted, aisle }) => {
      const placesOf = (group: Element) =>
        [...group.querySelectorAll('[data-seat]')].map((place) => ({
          id: Number(place.getAttribute('data-seat')),
          x: Number(/translate\(([\d.]+)/.exec(place.getAttribute('transform') ?? '')?.[1]),
          free: place.getAttribute('data-look') === 'free' && place.getAttribute('data-type') === 'standard',
        }))
      return groups.flatMap((group) => {
        const places = placesOf(group)
        const runs = places.flatMap((_, at) => {
          const run = places.slice(at, at + wanted)
          const whole =
            run.length === wanted &&
            run.every(({ free, x }, index) => free && (index === 0 || x - (run[index - 1]?.x ?? 0) < aisle))
          return whole ? [run.map(({ id }) => id)] : []
        })
        return runs.slice(0, 1)
      })
    },
    { wanted: count + 4, aisle: AISLE },
  )
  const chosen = found[skip]
  if (!chosen) throw new Error('No row has that many free seats.')
  return chosen.slice(2, 2 + count)
}

/** A tap as a finger does it: the first may only come closer. */
export const tap = async (page: Page, id: number) => {
  const look = () => seat(page, id).getAttribute('data-look')
  const before = await look()
  await seat(page, id).click()
  if ((before !== 'free' && before !== 'mine') || (await look()) !== before) return
  await page.waitForTimeout(400)
  if ((await look()) === before) await seat(page, id).click()
}

export const hold = async (page: Page, ids: number[]) => {
  for (const id of ids) {
    await tap(page, id)
    await page.locator(`[data-seat="${id}"][data-look="mine"]`).waitFor({ state: 'attached' })
  }
}

const GO_ON = /До оплати|К оплате|Go to payment/
const PAY = /^(Сплатити|Оплатить|Pay) /
const EMAIL = /Електронна пошта|Электронная почта|E-mail/

export const goToPay = async (page: Page) => {
  await page.getByRole('link', { name: GO_ON }).click()
  await page.locator('form#pay').waitFor()
}

export const payButton = (page: Page) => page.getByRole('button', { name: PAY })
export const emailField = (page: Page) => page.getByRole('textbox', { name: EMAIL })
export const card = (page: Page, token: string) => page.locator(`input[name="card"][value="${token}"]`)

export const payAsGuest = async (page: Page, email = 'olena@example.com', token = 'tok_ok') => {
  await emailField(page).fill(email)
  await card(page, token).check()
  await payButton(page).click()
}

export const tickets = (page: Page) => page.locator('article')

export const waitForTickets = async (page: Page) => {
  await page.waitForURL('**/order/**')
  await page.locator('article svg[role="img"]').first().waitFor()
}

/** What the server has to say about the money of the order on the screen, oldest first. */
export const paymentsOf = async (page: Page): Promise<string[]> => {
  const reference = new URL(page.url()).pathname.split('/')[2] ?? ''
  const reply = await page.request.get(`/api/v1/orders/by-reference/${reference}`, { headers: { 'x-marquee-client': 'web' } })
  const { payments } = (await reply.json()) as { payments: { id: number; status: string }[] }
  return payments.toSorted((a, b) => a.id - b.id).map(({ status }) => status)
}

const PASSWORD = /^(Пароль|Password)$/
const SIGN_IN = /^(Увійти|Войти|Sign in)$/

/** Fills the form that is open with an account of the demo. */
export const signIn = async (page: Page, name: 'customer' | 'manager' = 'customer') => {
  await emailField(page).fill(`${name}@marquee.test`)
  await page.getByLabel(PASSWORD).fill('Marquee-demo-1')
  await page.getByRole('button', { name: SIGN_IN }).click()
}
