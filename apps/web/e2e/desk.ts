import type { Page } from 'playwright-core'

import { enterBy } from './people.ts'

const DEMO = 'Marquee-demo-1'

/** Somebody of the demo at a page of the staff. */
export const enterDesk = async (page: Page, who: 'manager' | 'cashier', path: string) => {
  await page.goto(path)
  await enterBy(page, `${who}@marquee.test`, DEMO)
  await page.getByRole('navigation', { name: 'Розділи для персоналу' }).waitFor()
}

const DAY_MS = 86_400_000
/** A day that no other test looks at. */
const DESK_DAY = 8

const ask = async <Answer>(url: string, method: string, path: string, body?: object, token = ''): Promise<Answer> => {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== '' && { 'x-guest-token': token }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!reply.ok) throw new Error(`${method} ${path} answers ${reply.status}: ${await reply.text()}`)
  return (await reply.json()) as Answer
}

type Screening = { id: number; cinema_id: number; hall_id: number; start_time: string; end_time: string }
type List<Item> = { items: Item[] }

const screeningsOf = async (url: string, days = DESK_DAY): Promise<Screening[]> => {
  const day = new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
  return (await ask<List<Screening>>(url, 'GET', `/sessions?date=${day}&size=100`)).items
}

type Bought = { session_id: number; order_id: number; reference: string }

/** A guest's two seats, paid. */
const buyAt = async (url: string, session_id: number): Promise<Bought> => {
  const { token } = await ask<{ token: string }>(url, 'POST', '/guests', {})
  const held = { session_id, best: { count: 2 } }
  const { order } = await ask<{ order: { id: number; reference: string } }>(url, 'POST', '/tickets', held, token)
  const payment = { card_token: 'tok_ok', email: 'olena@example.com' }
  await ask(url, 'POST', `/orders/${order.id}/pay`, payment, token)
  return { session_id, order_id: order.id, reference: order.reference }
}

/** Two seats at the screening of that place in the day's list: each test names one of its own. */
export const buyTwo = async (url: string, nth: 0 | 1 | 2): Promise<Bought> => {
  const found = (await screeningsOf(url))[nth]
  if (!found) throw new Error('The demo shows nothing on that day.')
  return buyAt(url, found.id)
}

const CLEANING_MS = 1_800_000
const OTHER_DAYS = [9, 10, 11]

type Hall = { id: number; cinema_id: number; is_active: boolean }

const freeHall = (one: Screening, all: Screening[], halls: Hall[]) =>
  halls.find(
    ({ id, cinema_id, is_active }) =>
      is_active &&
      id !== one.hall_id &&
      cinema_id === one.cinema_id &&
      all.every(
        (other) =>
          other.hall_id !== id ||
          Date.parse(other.start_time) > Date.parse(one.end_time) + CLEANING_MS ||
          Date.parse(other.end_time) + CLEANING_MS < Date.parse(one.start_time),
      ),
  )

/** Two seats at a screening of a later day, and a hall of that cinema that is free at its time. */
export const buyTwoWithHall = async (url: string): Promise<Bought & { hall_id: number }> => {
  for (const days of OTHER_DAYS) {
    const all = await screeningsOf(url, days)
    const cinemas = [...new Set(all.map(({ cinema_id }) => cinema_id))]
    const halls = await Promise.all(cinemas.map((id) => ask<List<Hall>>(url, 'GET', `/cinemas/${id}/halls?size=100`)))
    for (const one of all) {
      const hall = freeHall(
        one,
        all,
        halls.flatMap(({ items }) => items),
      )
      if (hall) return { ...(await buyAt(url, one.id)), hall_id: hall.id }
    }
  }
  throw new Error('All halls are taken all day.')
}
