import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { as, someone, given, db, clock, anonymous } = await startTestApp()
const manager = await as('manager')
const cards = '/api/v1/price-cards'

const EVENINGS = {
  name: 'Evenings',
  from_time: '18:00',
  valid_from: '2030-01-01',
  prices: { standard: 200, premium: 260, vip: 320 },
}
/** Wednesday, and in Kyiv it is 20:00. */
const WEDNESDAY = '2030-01-16T18:00:00Z'

const house = async () => {
  const hall = await given.hall({ seats_per_row: 4 })
  return { ...hall, movie: await given.movie() }
}
type House = Awaited<ReturnType<typeof house>>
const makeCard = (cinema_id: number, wish: object = {}, person: Client = manager) =>
  person.post(cards, { ...EVENINGS, cinema_id, ...wish })
const show = ({ id: hall_id, movie }: House, wish: object = {}) =>
  manager.post('/api/v1/sessions', { movie_id: movie.id, hall_id, start_time: WEDNESDAY, ...wish })
const sessionOf = async (id: number) => (await anonymous.get(`/api/v1/sessions/${id}`)).body
const hold = async (id: number, seat_ids: number[]) => (await someone()).post('/api/v1/tickets', { session_id: id, seat_ids })

test('a session without prices takes those of the one card that applies, and follows it', async () => {
  const at = await house()
  const { status, body: card } = await makeCard(at.cinema_id)
  expect([status, card.weekdays, card.to_time, card.formats]).toEqual([201, [1, 2, 3, 4, 5, 6, 7], '06:00', ['2d', '3d', 'imax']])
  const { body: session } = await show(at)
  expect(session).toMatchObject({ price_card_id: card.id, base_price: 200, premium_price: 260, vip_price: 320 })
  const held = await hold(session.id, at.seat_ids.slice(0, 2))
  expect(held.body.order.items[0].trace).toEqual([
    { source: `price_card.${card.id}`, label: 'Evenings: Standard seat', amount: 200 },
  ])

  expect(await manager.patch(`${cards}/${card.id}`, {})).toMatchObject({ status: 200, body: card })
  const prices = { standard: 210, premium: 270, vip: 330 }
  expect(await manager.patch(`${cards}/${card.id}`, { prices })).toMatchObject({ status: 200, body: { prices } })
  expect(await sessionOf(session.id)).toMatchObject({ price_card_id: card.id, base_price: 210, vip_price: 330 })
  const { body: kept } = await manager.get(`/api/v1/orders/${held.body.order.id}`)
  expect(kept).toMatchObject({ total: 400, items: [{ price: 200 }, { price: 200 }] })
  expect((await hold(session.id, at.seat_ids.slice(2, 4))).body.order).toMatchObject({ total: 420 })
  expect((await checkInvariants(db)).findings.filter(({ verdict }) => verdict === 'violated')).toEqual([])
})

test('without a card that applies a session needs prices of its own, and is told when and what for', async () => {
  const at = await house()
  await makeCard(at.cinema_id, { formats: ['2d'] })
  const refused = await show(at, { format_3d: true })
  expect(refused).toMatchObject({ status: 422, body: { code: 'pricing.no_card', errors: [{ pointer: '/base_price' }] } })
  expect(refused.body.detail).toContain('a 3d session on 2030-01-16 at 20:00')
  expect(await show(at, { vip_price: 10 })).toMatchObject({ status: 422, body: { code: 'sessions.base_price_missing' } })
  expect(await show(at, { format_3d: true, base_price: 50 })).toMatchObject({
    status: 201,
    body: { price_card_id: null, base_price: 50 },
  })
})

test('a night past midnight belongs to the day it began in', async () => {
  const at = await house()
  const { body: card } = await makeCard(at.cinema_id, { weekdays: [3], from_time: '22:00', to_time: '03:00' })
  // In Kyiv: Thursday, 01:30.
  expect((await show(at, { start_time: '2030-01-16T23:30:00Z' })).body.price_card_id).toBe(card.id)
  // In Kyiv: Wednesday, 01:30, the night of Tuesday; and Thursday at three, when the card is over.
  for (const start_time of ['2030-01-15T23:30:00Z', '2030-01-17T01:00:00Z'])
    expect(await show({ ...at, id: (await given.hall(at)).id }, { start_time })).toMatchObject({ status: 422 })
})

test.for([
  ['on the same evening', { from_time: '20:00', to_time: '21:00', weekdays: [3] }],
  ['past midnight', { from_time: '00:30', to_time: '02:00' }],
  ['for one format', { formats: ['imax'] }],
  ['on one day of its time', { valid_from: '2029-01-01', valid_to: '2030-01-01' }],
] as const)('two cards never apply at once: a second one %s is refused and names the first', async ([_, wish]) => {
  const at = await house()
  const { body: card } = await makeCard(at.cinema_id)
  expect(await makeCard(at.cinema_id, wish)).toMatchObject({
    status: 409,
    body: { code: 'pricing.cards_overlap', card: { id: card.id, name: 'Evenings' } },
  })
  expect(await db.selectFrom('price_cards').select('id').where('cinema_id', '=', at.cinema_id).execute()).toHaveLength(1)
})

test.for([
  ['before it', { from_time: '10:00', to_time: '18:00' }],
  ['after its last day', { valid_from: '2031-01-02' }],
] as const)('a card %s is no rival, nor is one of another cinema or one that is retired', async ([_, wish]) => {
  const at = await house()
  const { body: card } = await makeCard(at.cinema_id, { valid_to: '2031-01-01' })
  expect(await makeCard(at.cinema_id, wish)).toMatchObject({ status: 201 })
  expect(await makeCard((await house()).cinema_id)).toMatchObject({ status: 201 })
  expect(await manager.delete(`${cards}/${card.id}`)).toMatchObject({ status: 200, body: { is_active: false } })
  expect(await makeCard(at.cinema_id, { valid_to: '2031-01-01' })).toMatchObject({ status: 201 })
  expect(await manager.patch(`${cards}/${card.id}`, { is_active: true })).toMatchObject({
    status: 409,
    body: { code: 'pricing.cards_overlap' },
  })
})

test('of many who make a card for one evening at once, one does, and the others are told of it', async () => {
  const { cinema_id } = await house()
  const replies = await Promise.all(Array.from({ length: 6 }, (_, at) => makeCard(cinema_id, { name: `Rival ${at}` })))
  const [made, ...more] = replies.filter(({ status }) => status === 201)
  const told = replies.filter(({ status }) => status === 409)
  expect([more.length, told.length]).toEqual([0, 5])
  for (const { body } of told) expect(body).toMatchObject({ code: 'pricing.cards_overlap', card: { id: made?.body.id } })
})

test('sessions made while a card changes cost what it says in the end', async () => {
  const at = await house()
  const { body: card } = await makeCard(at.cinema_id)
  const halls: { id: number }[] = []
  for (let count = 0; count < 6; count += 1) halls.push(await given.hall(at))
  const prices = { standard: 111, premium: 222, vip: 333 }
  const [changed, ...made] = await Promise.all([
    manager.patch(`${cards}/${card.id}`, { prices }),
    ...halls.map(({ id }) => show({ ...at, id })),
  ])
  expect([changed?.status, ...made.map(({ status }) => status)]).toEqual([200, 201, 201, 201, 201, 201, 201])
  const { body } = await anonymous.get(`/api/v1/sessions?cinema_id=${at.cinema_id}`)
  expect(body.items.map((session: { base_price: number }) => session.base_price)).toEqual([111, 111, 111, 111, 111, 111])
})

test('a card that sessions to come need is not retired or narrowed away from them; another may take them over', async () => {
  const at = await house()
  const { body: card } = await makeCard(at.cinema_id)
  const { body: session } = await show(at)
  const left = { status: 409, body: { code: 'pricing.sessions_without_card', total: 1, session_ids: [session.id] } }
  expect(await manager.delete(`${cards}/${card.id}`)).toMatchObject(left)
  expect(await manager.patch(`${cards}/${card.id}`, { weekdays: [1, 2] })).toMatchObject(left)
  expect(await sessionOf(session.id)).toMatchObject({ price_card_id: card.id })

  await manager.patch(`/api/v1/sessions/${session.id}`, { base_price: 99 })
  expect(await manager.delete(`${cards}/${card.id}`)).toMatchObject({ status: 200 })
  const { body: other } = await makeCard(at.cinema_id, { name: 'Other', prices: { standard: 70, premium: 80, vip: 90 } })
  expect(await sessionOf(session.id)).toMatchObject({ price_card_id: null, base_price: 99, vip_price: 320 })
  expect(await manager.patch(`/api/v1/sessions/${session.id}`, { from_price_card: true, base_price: 1 })).toMatchObject({
    status: 422,
    body: { code: 'sessions.own_or_card' },
  })
  expect(await manager.patch(`/api/v1/sessions/${session.id}`, { from_price_card: true })).toMatchObject({
    status: 200,
    body: { price_card_id: other.id, base_price: 70, premium_price: 80, vip_price: 90 },
  })
})

test('a session that moves takes the card of its new hour, and stays where it is when there is none', async () => {
  const at = await house()
  await makeCard(at.cinema_id)
  const { body: card } = await makeCard(at.cinema_id, {
    name: 'Afternoons',
    from_time: '12:00',
    to_time: '18:00',
    prices: { standard: 100, premium: 130, vip: 160 },
  })
  const { body: session } = await show(at)
  const move = (start_time: string) => manager.patch(`/api/v1/sessions/${session.id}`, { start_time })
  expect(await move('2030-01-16T12:00:00Z')).toMatchObject({ status: 200, body: { price_card_id: card.id, base_price: 100 } })
  expect(await move('2030-01-16T08:00:00Z')).toMatchObject({ status: 422, body: { code: 'pricing.no_card' } })
  expect(await sessionOf(session.id)).toMatchObject({ start_time: '2030-01-16T12:00:00.000Z', base_price: 100 })
})

test('what somebody was shown holds against a card that changes under them', async () => {
  const at = await house()
  const { body: card } = await makeCard(at.cinema_id)
  const { body: session } = await show(at)
  const customer = await someone()
  const wish = { session_id: session.id, seat_ids: at.seat_ids.slice(0, 1), expected_total: 200 }
  await manager.patch(`${cards}/${card.id}`, { prices: { standard: 250, premium: 260, vip: 270 } })
  expect(await customer.post('/api/v1/tickets', wish)).toMatchObject({
    status: 409,
    body: { code: 'orders.price_changed', amount_due: 250 },
  })
})

test.for([
  ['ends before it begins', { from_time: '20:00', to_time: '19:00' }, 'pricing.bad_hours'],
  ['lasts over six in the morning', { from_time: '05:00', to_time: '07:00' }, 'pricing.bad_hours'],
  ['was valid until before its first day', { valid_to: '2029-12-31' }, 'pricing.bad_dates'],
  ['knows a type that nobody sells', { ticket_types: [{ ticket_type: 'dog', percent_off: 5 }] }, 'pricing.unknown_ticket_type'],
  ['says nothing of a type', { ticket_types: [{ ticket_type: 'child' }] }, 'pricing.choose_one_way'],
  [
    'says two things of a type',
    { ticket_types: [{ ticket_type: 'child', percent_off: 5, amount_off: 5 }] },
    'pricing.choose_one_way',
  ],
  ['prices a type twice', { ticket_types: [1, 2].map(() => ({ ticket_type: 'child', percent_off: 5 })) }, 'pricing.type_twice'],
  ['reduces the full price', { ticket_types: [{ ticket_type: 'adult', percent_off: 5 }] }, 'pricing.default_type'],
  ['counts in thousandths', { ticket_types: [{ ticket_type: 'child', percent_off: 0.005 }] }, 'pricing.too_precise'],
  ['is of no cinema', { cinema_id: 999_999 }, 'pricing.no_such_cinema'],
] as const)('a card that %s is refused', async ([_, wish, code]) => {
  expect(await makeCard((await house()).cinema_id, wish, await as('admin'))).toMatchObject({ status: 422, body: { code } })
})

test('a manager sees and changes the cards of their own cinemas, and customers none', async () => {
  const [mine, theirs] = [await house(), await house()]
  const local = await someone('manager', [mine.cinema_id])
  const { body: own } = await makeCard(mine.cinema_id, {}, local)
  const { body: other } = await makeCard(theirs.cinema_id)
  const { body: list } = await local.get(cards)
  expect(list.items.map(({ id }: { id: number }) => id)).toEqual([own.id])
  const replies = [
    await local.get(`${cards}/${other.id}`),
    await local.get(`${cards}?cinema_id=${theirs.cinema_id}`),
    await local.get(`${cards}/preview?cinema_id=${theirs.cinema_id}&date=2030-01-16&time=20:00`),
    await local.patch(`${cards}/${other.id}`, { name: 'Mine' }),
    await local.delete(`${cards}/${other.id}`),
    await makeCard(theirs.cinema_id, {}, local),
    await makeCard(theirs.cinema_id, {}, await someone()),
  ]
  expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403])
  expect(await anonymous.get(cards)).toMatchObject({ status: 401 })
  expect(await local.get(`${cards}/999999`)).toMatchObject({ status: 404, body: { code: 'pricing.card_not_found' } })
})

test('what changes is in the journal', async () => {
  const { body: card } = await makeCard((await house()).cinema_id)
  await manager.patch(`${cards}/${card.id}`, { name: 'Late evenings' })
  const rows = await db
    .selectFrom('audit_log')
    .select(['action', 'actor'])
    .where('object_kind', '=', 'price_cards')
    .where('object_id', '=', String(card.id))
    .orderBy('id')
    .execute()
  const actor = `u:${(await as('manager')).id}`
  expect(rows).toEqual([
    { action: 'price_cards.created', actor },
    { action: 'price_cards.changed', actor },
  ])
})

test('a manager is told what a buyer would pay on Friday at 20:00, with every fee, before there is a session', async () => {
  const { cinema_id } = await house()
  const { body: card } = await makeCard(cinema_id, {
    ticket_types: [
      { ticket_type: 'child', price: { standard: 120, premium: 150, vip: 180 } },
      { ticket_type: 'senior', is_sold: false },
    ],
  })
  await manager.patch(`/api/v1/cinemas/${cinema_id}/price-rules`, {
    fees: { web: { per_ticket: 5, per_order: 2 }, counter: { per_ticket: 0, per_order: 0 } },
    tax: { mode: 'added', name: 'VAT', percent: 10 },
  })
  const { status, body } = await manager.get(`${cards}/preview?cinema_id=${cinema_id}&date=2030-01-18&time=20:00`)
  expect([status, body.card.id, body.currency]).toEqual([200, card.id, 'UAH'])
  const of = (type: string) => body.tickets.filter(({ ticket_type }: { ticket_type: string }) => ticket_type === type)
  expect(of('child')[0]).toEqual({ ticket_type: 'child', seat_class: 'standard', price: 120, fees: 7, tax: 12.7, total: 139.7 })
  expect(of('student').map(({ price }: { price: number }) => price)).toEqual([160, 208, 256])
  expect([of('companion').length, of('senior').length]).toEqual([1, 0])
  const morning = await manager.get(`${cards}/preview?cinema_id=${cinema_id}&date=2030-01-18&time=09:00`)
  expect(morning.body).toMatchObject({ card: null, tickets: [] })
})

test('sessions that have begun keep what they cost', async () => {
  const at = await house()
  const { body: card } = await makeCard(at.cinema_id, { from_time: '06:00', valid_from: '2020-01-01' })
  const soon = new Date(clock.now().getTime() + 3_600_000).toISOString()
  const { body: session } = await show(at, { start_time: soon })
  clock.advance(2 * 3600)
  await manager.patch(`${cards}/${card.id}`, { prices: { standard: 1, premium: 2, vip: 3 } })
  expect(await sessionOf(session.id)).toMatchObject({ base_price: 200 })
})
