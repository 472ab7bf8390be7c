import type { Client } from '#testing/app.ts'
import { openWorld as openHouse } from '../world.ts'
import { type Seen, SNAPSHOT } from './compare.ts'
import { type Model, RULES } from './model.ts'
import type { Card } from './prices.ts'

const MORNING = new Date('2027-03-01T08:00:00Z')
const MINUTE = 60_000
const LENGTH_MINUTES = 120
const SEATS = 5
const FEWER_SEATS = 3
/** Two cost the same, so that an exchange can be even; the last follows the price cards. */
type SessionWish = { starts_in_minutes: number; price: number; followsCard?: true }
const SESSIONS: SessionWish[] = [
  { starts_in_minutes: 75, price: 20_000 },
  { starts_in_minutes: 26 * 60, price: 20_000 },
  { starts_in_minutes: 50 * 60, price: 35_000 },
  { starts_in_minutes: 75 * 60, price: 12_000, followsCard: true },
]
const TERMS = [0, 10, 25]
const FULL = { day: 15_000, evening: 26_000 }
const HOURS = { day: ['06:00', '18:00'], evening: ['18:00', '06:00'] } as const
const names = { uk: 'Знижка', ru: 'Скидка', en: 'Discount' }

/** The world of the simulation with a cinema that asks for fees and tax, and has promotions, points and terms of return. */
export const openTill = async () => {
  const house = await openHouse()
  const { app, counters, clock } = house
  const { pool, given } = app
  const admin = await app.someone('admin')
  const { id: movie_id } = await given.movie({ duration_minutes: LENGTH_MINUTES })
  let people: (Client & { id?: number })[] = []
  let since = 0

  const accept = async (asked: Promise<{ status: number; body: { id: number } }>) => {
    const { status, body } = await asked
    if (status >= 300) throw new Error(`The till cannot be set up: ${status} ${JSON.stringify(body)}`)
    return body.id
  }
  const promote = (cinema_id: number, wish: object) =>
    accept(admin.post('/api/v1/promotions', { names, kind: 'percent', cinema_ids: [cinema_id], ...wish }))

  const openCard = async (cinema_id: number, hour: keyof typeof HOURS): Promise<Card> => {
    const { full, child, studentOff } = { full: FULL[hour], child: FULL[hour] / 2, studentOff: 4_050 }
    const [from_time, to_time] = HOURS[hour]
    const prices = { standard: full / 100, premium: full / 100, vip: full / 100 }
    const all = { standard: child / 100, premium: child / 100, vip: child / 100 }
    const ticket_types = [
      { ticket_type: 'child', price: all },
      { ticket_type: 'student', amount_off: studentOff / 100 },
    ]
    const wish = { cinema_id, name: hour, from_time, to_time, valid_from: '2027-01-01', prices, ticket_types }
    return { id: await accept(admin.post('/api/v1/price-cards', wish)), full, child, studentOff }
  }

  /** Terms vary with the seed: fees come back with every other one, and returning costs nothing, a tenth or a quarter. */
  const openCinema = async (seed: number) => {
    const { id: cinema_id } = await given.cinema()
    const [percent = 0, returnsFees] = [TERMS[seed % TERMS.length], seed % 2 === 0]
    const fees = { per_ticket: RULES.fees.ticket / 100, per_order: RULES.fees.order / 100 }
    await accept(
      admin.put(`/api/v1/cinemas/${cinema_id}/price-rules`, {
        fees: { web: fees, counter: fees },
        tax: { mode: 'added', name: 'VAT', percent: RULES.tax },
      }),
    )
    const policy = { cutoff_minutes: 30, returns_fees: returnsFees, charge_per_ticket: 0, charge_percent: percent }
    await accept(admin.put(`/api/v1/cinemas/${cinema_id}/cancellation-policy`, policy))
    const name = `TILL-${cinema_id}`
    const { each } = RULES.code
    // Once a person, and once or twice in all.
    const total = 1 + (seed % 2)
    const code = await promote(cinema_id, { percent: RULES.code.percent, codes: [name], limit_total: total, limit_per_user: each, priority: 1 }) // prettier-ignore
    const automatic = await promote(cinema_id, { percent: RULES.automatic.percent, limit_total: RULES.automatic.total, priority: 2 }) // prettier-ignore
    return {
      cinema_id,
      cards: { day: await openCard(cinema_id, 'day'), evening: await openCard(cinema_id, 'evening') },
      terms: { returnsFees, percent },
      promotions: { code: { id: code, name, total }, automatic: { id: automatic } },
    }
  }

  const openSession = async (cinema_id: number, now: number, { starts_in_minutes, price, followsCard }: SessionWish) => {
    const hall = (seats_per_row: number) => given.hall({ cinema_id, rows: 1, seats_per_row })
    const [first, second] = [await hall(SEATS), await hall(FEWER_SEATS)]
    const wish = { hall_id: first.id, movie_id, starts_in_minutes, duration_minutes: LENGTH_MINUTES, base_price_minor: price }
    const { id, seat_ids } = await given.session(wish)
    const halls: [number, number] = [first.id, second.id]
    if (followsCard) await accept(house.manager.patch(`/api/v1/sessions/${id}`, { from_price_card: true }))
    const own = followsCard ? undefined : price
    return { id, halls, starts: now + starts_in_minutes * MINUTE, isMoved: false, own, seats: seat_ids }
  }

  const giveAccount = async (points: number) => {
    const person = await app.someone()
    await pool.query(
      `with account as (insert into loyalty_accounts (user_id, points) values ($1, $2) returning user_id)
       insert into loyalty_entries (user_id, kind, points, expires_at)
       select user_id, 'returned', $2, app.now() + interval '1 year' from account`,
      [person.id, points],
    )
    return person
  }

  return {
    ...house,
    counters,
    buyer: (index: number): Client => people[index % people.length] as Client,
    seatsOf: async (hall: number) =>
      (await pool.query<{ id: number }>('select id from seats where hall_id = $1 order by id', [hall])).rows.map(({ id }) => id),
    /** Where whoever still has a ticket of a session sits. */
    seatsNow: async (session: number) => {
      const { rows } = await pool.query<{ id: number; seat_id: number }>(`select id, seat_id from tickets where session_id = $1 and status not in ('cancelled', 'refunded')`, [session]) // prettier-ignore
      return new Map(rows.map(({ id, seat_id }) => [id, seat_id]))
    },
    snapshot: async (model: Model): Promise<Seen> => {
      const { code, automatic } = model.promotions
      const accounts = people.flatMap(({ id }) => id ?? [])
      const values = [since, model.sessions.map(({ id }) => id), [code.id, automatic.id], accounts]
      return (await pool.query<{ seen: Seen }>(SNAPSHOT, values)).rows[0]?.seen as Seen
    },
    begin: async (seed: number): Promise<Model> => {
      clock.set(MORNING)
      const now = MORNING.getTime()
      // The clock has gone back: what had begun in an earlier life, and followed no card any more, would be to come again.
      await pool.query('update sessions set price_card_id = null')
      const { cinema_id, ...cinema } = await openCinema(seed)
      const [most, fewer] = RULES.gifts
      people = [await giveAccount(most), await giveAccount(fewer), await app.guest()]
      const sessions = []
      for (const wish of SESSIONS) sessions.push(await openSession(cinema_id, now, wish))
      since = (await pool.query<{ id: number }>('select coalesce(max(id), 0) as id from orders')).rows[0]?.id ?? 0
      const accounts = [...RULES.gifts.map((points) => ({ points, spent: 0 })), undefined]
      return { now, ...cinema, sessions, orders: [], accounts, heard: new Set() }
    },
  }
}
export type Till = Awaited<ReturnType<typeof openTill>>
