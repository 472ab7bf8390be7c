import type { Client } from '#testing/app.ts'
import { openWorld as openHouse } from '../world.ts'
import { type Seen, SNAPSHOT } from './compare.ts'
import { type Model, RULES } from './model.ts'

const MORNING = new Date('2027-03-01T08:00:00Z')
const MINUTE = 60_000
const LENGTH_MINUTES = 120
const SEATS = 5
/** Two cost the same, so that an exchange can be even. */
const SESSIONS = [
  { starts_in_minutes: 75, price: 20_000 },
  { starts_in_minutes: 26 * 60, price: 20_000 },
  { starts_in_minutes: 50 * 60, price: 35_000 },
  { starts_in_minutes: 75 * 60, price: 12_000 },
]
const TERMS = [0, 10, 25]
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

  /** Terms vary with the seed: fees come back with every other one, and returning costs nothing, a tenth or a quarter. */
  const openCinema = async (seed: number) => {
    const { id: cinema_id } = await given.cinema()
    const [percent = 0, returnsFees] = [TERMS[seed % TERMS.length], seed % 2 === 0]
    const fees = { per_ticket: RULES.fee / 100, per_order: 0 }
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
      terms: { returnsFees, percent },
      promotions: { code: { id: code, name, total }, automatic: { id: automatic } },
    }
  }

  const openSession = async (cinema_id: number, now: number, { starts_in_minutes, price }: (typeof SESSIONS)[number]) => {
    const hall = () => given.hall({ cinema_id, rows: 1, seats_per_row: SEATS })
    const [first, second] = [await hall(), await hall()]
    const wish = { hall_id: first.id, movie_id, starts_in_minutes, duration_minutes: LENGTH_MINUTES, base_price_minor: price }
    const { id, seat_ids } = await given.session(wish)
    const halls: [number, number] = [first.id, second.id]
    return { id, halls, starts: now + starts_in_minutes * MINUTE, isMoved: false, price, seats: seat_ids }
  }

  const giveAccount = async () => {
    const person = await app.someone()
    await pool.query(
      `with account as (insert into loyalty_accounts (user_id, points) values ($1, $2) returning user_id)
       insert into loyalty_entries (user_id, kind, points, expires_at)
       select user_id, 'returned', $2, app.now() + interval '1 year' from account`,
      [person.id, RULES.gift],
    )
    return person
  }

  return {
    ...house,
    counters,
    buyer: (index: number): Client => people[index % people.length] as Client,
    seatsOf: async (hall: number) =>
      (await pool.query<{ id: number }>('select id from seats where hall_id = $1 order by id', [hall])).rows.map(({ id }) => id),
    /** Where whoever has a ticket of a session sits. */
    seatsNow: async (session: number) => {
      const { rows } = await pool.query<{ id: number; seat_id: number }>('select id, seat_id from tickets where session_id = $1', [session]) // prettier-ignore
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
      const { cinema_id, ...cinema } = await openCinema(seed)
      people = [await giveAccount(), await giveAccount(), await app.guest()]
      const sessions = []
      for (const wish of SESSIONS) sessions.push(await openSession(cinema_id, now, wish))
      since = (await pool.query<{ id: number }>('select coalesce(max(id), 0) as id from orders')).rows[0]?.id ?? 0
      return { now, ...cinema, sessions, orders: [], points: [RULES.gift, RULES.gift, undefined] }
    },
  }
}
export type Till = Awaited<ReturnType<typeof openTill>>
