import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { transaction } from '#platform/db/kysely.ts'
import { startTestApp } from '#testing/app.ts'
import { createBooks } from './books.ts'

const { as, someone, given, db } = await startTestApp()
const manager = await as('manager')
const cards = '/api/v1/price-cards'
const ALL_DAY = { name: 'All day', valid_from: '2030-01-01', prices: { standard: 200, premium: 260, vip: 320 } }

const revision = async () => (await db.selectFrom('price_revision').select('revision').executeTakeFirstOrThrow()).revision
const childPays = async (session_id: number, seat_id: number | undefined) => {
  const { body } = await (await someone()).post('/api/v1/tickets', { session_id, seat_ids: [seat_id], ticket_type: 'child' })
  return { price: body.price, fees: body.order.fees }
}

test('sessions of one cinema and card share a book until prices change anywhere', async () => {
  const { id: cinema_id } = await given.cinema()
  const { bookOf } = createBooks({ db })
  const at = { cinema_id, price_card_id: null, price_revision: 7 }
  const book = bookOf(at)
  expect(bookOf({ ...at })).toBe(book)
  expect(await book).toMatchObject({ cinema_id, card: null })
  expect(bookOf({ ...at, price_revision: 8 })).not.toBe(book)
  expect(bookOf({ ...at, price_card_id: 1 })).not.toBe(book)
})

test('a book that could not be read is asked for again', async () => {
  let isAway = true
  const getExecutor = () => {
    if (isAway) throw new Error('The database is away.')
    return db.getExecutor()
  }
  const { bookOf } = createBooks({ db: { getExecutor } as typeof db })
  const at = { cinema_id: 1, price_card_id: null, price_revision: 1 }
  await expect(bookOf(at)).rejects.toThrow('away')
  isAway = false
  expect(await bookOf(at)).toMatchObject({ cinema_id: 1 })
})

test('a session that nobody has asked for yet costs what its card says now, though the card is known from another', async () => {
  const hall = await given.hall({ seats_per_row: 2 })
  const { id: movie_id } = await given.movie()
  const { body: card } = await manager.post(cards, { ...ALL_DAY, cinema_id: hall.cinema_id })
  const show = async (start_time: string): Promise<number> =>
    (await manager.post('/api/v1/sessions', { movie_id, hall_id: hall.id, start_time })).body.id
  const known = await show('2030-01-16T12:00:00Z')
  const unknown = await show('2030-01-16T18:00:00Z')
  const [seat] = hall.seat_ids
  expect(await childPays(known, seat)).toEqual({ price: 140, fees: 0 })
  await manager.patch(`${cards}/${card.id}`, {
    ticket_types: [{ ticket_type: 'child', price: { standard: 90, premium: 90, vip: 90 } }],
  })
  expect(await childPays(unknown, seat)).toEqual({ price: 90, fees: 0 })
  await manager.put(`/api/v1/cinemas/${hall.cinema_id}/price-rules`, {
    fees: { web: { per_ticket: 5, per_order: 0 }, counter: { per_ticket: 0, per_order: 0 } },
  })
  expect(await childPays(await show('2030-01-17T12:00:00Z'), seat)).toEqual({ price: 90, fees: 5 })
})

test.for([
  ['a ticket type', sql`update ticket_types set position = position`],
  ['a price card', sql`delete from price_cards where id < 0`],
  ['what a cinema adds', sql`update cinema_price_rules set rounding = rounding`],
] as const)('whoever changes %s, by whatever hand, raises the revision, and not when it is undone', async ([_, change]) => {
  const before = await revision()
  await change.execute(db)
  expect(await revision()).toBe(before + 1)
  const undone = transaction(db, async (tx) => {
    await change.execute(tx)
    throw new Error('Never mind.')
  })
  await expect(undone).rejects.toThrow('Never mind.')
  expect(await revision()).toBe(before + 1)
})
