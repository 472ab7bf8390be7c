import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { createRollUp } from '#modules/statistics/roll-up.ts'
import type { Tx } from '#platform/db/kysely.ts'
import { startTestApp } from '#testing/app.ts'
import { checkInvariants, type Report } from './service.ts'

const { as, db, given, someone } = await startTestApp()
const UNDONE = Symbol('undone')

const found = ({ findings }: Report) =>
  findings.filter(({ id }) => id.startsWith('D')).map(({ id, verdict, count }) => [id, verdict, count])

/** Breaks the database in a transaction that is rolled back, and looks at it from there. */
const checkBroken = async (statement: string): Promise<Report> => {
  let report: Report | undefined
  const breaking = db.transaction().execute(async (tx: Tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    const { numAffectedRows = 0n } = await sql.raw(statement).execute(tx)
    if (numAffectedRows === 0n) throw new Error(`Nothing was broken by: ${statement}`)
    report = await checkInvariants(tx)
    throw UNDONE
  })
  await expect(breaking).rejects.toBe(UNDONE)
  return report as Report
}

const buy = async (session: { id: number; seat_ids: number[] }) => {
  const person = await someone()
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.splice(0, 1) })
  expect((await person.patch(`/api/v1/tickets/${body.id}/pay`, { card_token: 'tok_ok' })).status).toBe(200)
  return person
}

const show = await given.session({ seats: 6 })
/** On a Wednesday at 20:00, by the one card of its cinema. */
const priced = await (async () => {
  const [manager, hall, movie] = [await as('manager'), await given.hall(), await given.movie()]
  const card = { name: 'Evenings', cinema_id: hall.cinema_id, from_time: '18:00', formats: ['2d'], valid_from: '2030-01-01' }
  await manager.post('/api/v1/price-cards', { ...card, prices: { standard: 100, premium: 150, vip: 200 } })
  const wish = { movie_id: movie.id, hall_id: hall.id, start_time: '2030-01-16T18:00:00Z' }
  const { status, body } = await manager.post('/api/v1/sessions', wish)
  if (status !== 201) throw new Error(`A session by its card was refused: ${JSON.stringify(body)}`)
  return body as { id: number }
})()
const viewers = [await buy(show), await buy(show)]
for (const [at, viewer] of viewers.entries()) {
  const review = { movie_id: show.movie_id, rating: 7 + at, title: 'Good', content: 'I laughed.' }
  const { body } = await viewer.post('/api/v1/reviews', review)
  await (await as('moderator')).patch(`/api/v1/reviews/${body.id}/moderate`, { is_approved: at === 0 })
}

test('before statistics were ever counted nobody says that they are right', async () => {
  expect(found(await checkInvariants(db))).toEqual([
    ['D1', 'holds', 0],
    ['D2', 'skipped', 0],
    ['D3', 'holds', 0],
  ])
})

const rollUp = createRollUp(db, 0)

test('ratings and statistics hold at work, also for what was sold since they were counted', async () => {
  for (let count = 0; count < 3; count += 1) await rollUp()
  expect(await db.selectFrom('session_totals').select('paid').where('session_id', '=', show.id).execute()).toEqual([{ paid: 2 }])
  await buy(show)
  await buy(await given.session({ seats: 1 }))
  expect(found(await checkInvariants(db))).toEqual([
    ['D1', 'holds', 0],
    ['D2', 'holds', 0],
    ['D3', 'holds', 0],
  ])
  for (let count = 0; count < 3; count += 1) await rollUp()
})

test.each([
  [
    'a rating counts a review twice',
    'D1',
    'update movie_scores set ratings_count = 2 * ratings_count, ratings_sum = 2 * ratings_sum',
  ],
  ['a review was approved and nobody rated the movie', 'D1', `update reviews set status = 'approved' where status <> 'approved'`],
  ['an approved review has no rating behind it', 'D1', 'delete from movie_scores'],
  ['the statistics keep a ticket too many', 'D2', `update session_totals set paid = paid + 1 where session_id = ${show.id}`],
  [
    'the statistics keep a cent too few',
    'D2',
    `update session_totals set revenue_minor = revenue_minor - 1 where session_id = ${show.id}`,
  ],
  ['a session was counted and its figures are gone', 'D2', `delete from session_totals where session_id = ${show.id}`],
  ['a session has another price than its card', 'D3', `update sessions set vip_price_minor = 1 where id = ${priced.id}`],
  ['a card changed and its sessions did not', 'D3', 'update price_cards set base_price_minor = base_price_minor + 1'],
  ['a session follows a card of another weekday', 'D3', `update price_cards set weekdays = '{1,2,4,5,6,7}'`],
  ['a session follows a card that is over before it starts', 'D3', `update price_cards set to_time = '20:00'`],
  ['a session follows a card of another format', 'D3', `update sessions set format_imax = true where id = ${priced.id}`],
  ['a session follows a card that is retired', 'D3', 'update price_cards set is_active = false'],
  ['a ticket changed without a trace in its history', 'D2', `update tickets set status = 'used' where session_id = ${show.id}`],
])('%s: %s', async (_name, expected, statement) => {
  expect(found(await checkBroken(statement)).map(([id, verdict]) => [id, verdict])).toEqual(
    ['D1', 'D2', 'D3'].map((id) => [id, id === expected ? 'violated' : 'holds']),
  )
})
