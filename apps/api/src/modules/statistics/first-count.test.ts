import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { startTestApp } from '#testing/app.ts'
import { wrongIn } from '#testing/broken.ts'
import { createRollUp } from './roll-up.ts'

const { as, someone, given, db } = await startTestApp()
const manager = await as('manager')
const rollUp = createRollUp(db, 0)
/** More than are counted in one step. */
const BETWEEN = 250

const buy = async (session: { id: number; seat_ids: number[] }, place: number) => {
  const person = await someone()
  const seat_ids = [session.seat_ids[place]]
  const { status, body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids })
  expect(status).toBe(201)
  const paid = await person.patch(`/api/v1/tickets/${body.id}/pay`, { payment_method: 'card', card_token: 'tok_ok' })
  expect(paid.status).toBe(200)
}

/** What the statistics say of the only day of a session's only cinema. */
const revenueOf = async ({ id }: { id: number }): Promise<number> => {
  const { rows } = await sql<{ cinema: number; day: string }>`
    select h.cinema_id as cinema, s.business_day::text as day from sessions s join halls h on h.id = s.hall_id where s.id = ${id}`.execute(
    db,
  )
  const { cinema, day } = rows[0] ?? { cinema: 0, day: '' }
  const { body } = await manager.get(`/api/v1/tickets/statistics?start_date=${day}&end_date=${day}&cinema_id=${cinema}`)
  return body.revenue
}

const uncounted = async () => (await db.selectFrom('statistics_marks').select('uncounted').executeTakeFirstOrThrow()).uncounted

/** So that it is seen whether the statistics look at what was counted. */
const addCent = ({ id }: { id: number }) =>
  sql`update session_totals set revenue_minor = revenue_minor + 1 where session_id = ${id}`.execute(db)
const takeCent = ({ id }: { id: number }) =>
  sql`update session_totals set revenue_minor = revenue_minor - 1 where session_id = ${id}`.execute(db)

test('R-058: the first count begins with the newest sessions, serves at once, and goes on where it was cut off', async () => {
  const oldest = await given.session({ seats: 3 })
  const between = await given.hall()
  await sql`
    insert into sessions (movie_id, hall_id, start_time, end_time, occupies, business_day, base_price_minor, premium_price_minor, vip_price_minor)
    select ${oldest.movie_id}, ${between.id}, t, t + interval '1 hour', tstzrange(t, t + interval '2 hours'), t::date, 10000, 10000, 10000
    from generate_series(1, ${BETWEEN}::int) n, lateral (select app.now() + n * interval '1 day' as t) times`.execute(db)
  const newest = await given.session({ seats: 3 })
  for (const session of [oldest, newest]) await buy(session, 0)

  await sql
    .raw(`create function cut_off() returns trigger language plpgsql as $$ begin raise exception 'cut off'; end $$;
    create trigger cut_off before insert on session_totals for each row when (new.session_id = ${oldest.id}) execute function cut_off()`)
    .execute(db)
  const untilCutOff = async () => {
    for (;;) await rollUp()
  }
  await expect(untilCutOff()).rejects.toThrow('cut off')
  expect(await uncounted()).toBeGreaterThanOrEqual(oldest.id)
  expect(await uncounted()).toBeLessThan(newest.id)

  await addCent(newest)
  expect([await revenueOf(oldest), await revenueOf(newest)]).toEqual([200, 200.01])
  await takeCent(newest)
  for (const session of [oldest, newest]) await buy(session, 1)
  expect([await revenueOf(oldest), await revenueOf(newest)]).toEqual([400, 400])
  expect(wrongIn(await checkInvariants(db))).toEqual([])

  await sql.raw('drop trigger cut_off on session_totals; drop function cut_off').execute(db)
  const isCounted = async () => {
    await rollUp()
    const { rows } = await sql`
      select from statistics_marks where uncounted = 0
        and ticket_mark = (select max(id) from tickets) and event_mark = (select max(id) from ticket_events)`.execute(db)
    return rows.length === 1
  }
  await expect.poll(isCounted, { timeout: 10_000 }).toBe(true)
  await addCent(oldest)
  expect(await revenueOf(oldest)).toBe(400.01)
  await takeCent(oldest)
  expect(wrongIn(await checkInvariants(db))).toEqual([])
})
