import type { Page } from 'playwright-core'

import { enterBy } from './people.ts'
import { cancelShowing } from './staff.ts'

const DEMO = 'Marquee-demo-1'

/** Somebody of the demo at a page of the staff. */
export const enterDesk = async (page: Page, who: 'admin' | 'manager' | 'cashier', path: string) => {
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

type Screening = {
  id: number
  cinema_id: number
  hall_id: number
  status: string
  movie_title: string
  start_time: string
  end_time: string
}
type List<Item> = { items: Item[] }

const screeningsOf = async (url: string, days = DESK_DAY): Promise<Screening[]> => {
  const day = new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
  return (await ask<List<Screening>>(url, 'GET', `/sessions?date=${day}&size=100`)).items
}

type Bought = { session_id: number; order_id: number; reference: string }

type Seats = { best: { count: number } } | { seat_ids: number[] }

/** A guest's seats, paid; two of the best when none are named. */
const buyAt = async (url: string, session_id: number, seats: Seats = { best: { count: 2 } }): Promise<Bought> => {
  const { token } = await ask<{ token: string }>(url, 'POST', '/guests', {})
  const held = { session_id, ...seats }
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

const SWAP_DAY = 9

type Hall = { id: number; is_active: boolean; total_seats: number }

const otherHalls = async (url: string, { cinema_id, hall_id }: Screening): Promise<Hall[]> => {
  const { items } = await ask<List<Hall>>(url, 'GET', `/cinemas/${cinema_id}/halls?size=100`)
  return items.filter(({ id, is_active }) => is_active && id !== hall_id).toSorted((a, b) => b.total_seats - a.total_seats)
}

/** Calls off what is shown in a hall on a day. */
const clearHall = async (url: string, hall_id: number, all: Screening[]) => {
  const inTheWay = all.filter((one) => one.hall_id === hall_id && one.status === 'scheduled')
  for (const { id } of inTheWay) await cancelShowing(url, id)
}

/** Two seats at a screening of another day, and the largest other hall of that cinema, in which nothing is shown on that day any more. */
export const buyTwoWithHall = async (url: string): Promise<Bought & { hall_id: number }> => {
  const all = await screeningsOf(url, SWAP_DAY)
  const one = all.find(({ status }) => status === 'scheduled')
  if (!one) throw new Error('The demo shows nothing on that day.')
  const [hall] = await otherHalls(url, one)
  if (!hall) throw new Error('That cinema has one hall.')
  await clearHall(url, hall.id, all)
  return { ...(await buyAt(url, one.id)), hall_id: hall.id }
}

const CROWD_DAY = 10

type Seat = { id: number; seat_type: string; status: string }

/** Both places for wheelchairs of a large hall, each in an order of its own, and a small hall that has one such place. */
export const buyWheelchairs = async (url: string): Promise<{ session_id: number; hall_id: number; bought: Bought[] }> => {
  const all = await screeningsOf(url, CROWD_DAY)
  for (const one of all.filter(({ status }) => status === 'scheduled')) {
    const { seats } = await ask<{ seats: Seat[] }>(url, 'GET', `/sessions/${one.id}/available-seats`)
    const places = seats.filter(({ seat_type }) => seat_type === 'wheelchair')
    const hall = (await otherHalls(url, one)).at(-1)
    if (places.length < 2 || places.some(({ status }) => status !== 'free') || !hall) continue
    await clearHall(url, hall.id, all)
    const bought: Bought[] = []
    for (const { id } of places) bought.push(await buyAt(url, one.id, { seat_ids: [id] }))
    return { session_id: one.id, hall_id: hall.id, bought }
  }
  throw new Error('No hall has two free places for wheelchairs.')
}

const BUSY_DAY = 11

/** A screening, and a hall of its cinema in which another one runs meanwhile. */
export const findTakenHall = async (url: string): Promise<{ session_id: number; hall_id: number; title: string }> => {
  const all = (await screeningsOf(url, BUSY_DAY)).filter(({ status }) => status === 'scheduled')
  for (const one of all) {
    const rivals = all.filter(({ cinema_id, hall_id }) => cinema_id === one.cinema_id && hall_id !== one.hall_id)
    const rival = rivals.find(({ start_time, end_time }) => start_time < one.end_time && end_time > one.start_time)
    if (rival) return { session_id: one.id, hall_id: rival.hall_id, title: rival.movie_title }
  }
  throw new Error('No two halls of a cinema are busy at once.')
}
