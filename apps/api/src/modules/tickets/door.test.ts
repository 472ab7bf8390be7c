import { setTimeout as sleep } from 'node:timers/promises'

import { beforeAll, beforeEach, expect, test } from 'vitest'

import { type Client, startTestApp } from '#testing/app.ts'

const { anonymous, as, clock, db, given, signTicket, someone } = await startTestApp({ poolSize: 20 })
const steward = await as('cashier')
const DOOR = '/api/v1/tickets/check-in'
const noon = new Date(Math.floor(Date.now() / 60_000) * 60_000)
const after = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
let hall: Awaited<ReturnType<typeof given.hall>>
let show: Awaited<ReturnType<typeof given.session>>
let place = 0

const buy = async (person: Client, session_id = show.id, seat_id?: number) => {
  const seat = seat_id ?? hall.seat_ids[place] ?? 0
  if (seat_id === undefined) place += 1
  const { status, body } = await person.post('/api/v1/tickets/purchase', {
    event_id: session_id,
    seat_id: seat,
    card_token: 'tok_ok',
  })
  expect(status).toBe(201)
  return body.ticket ?? body
}
const scan = (body: object, person: Client = steward) => person.post(DOOR, { device: 'Door 1', ...body })
const state = async (id: number) => {
  const { status } = await db.selectFrom('tickets').select('status').where('id', '=', id).executeTakeFirstOrThrow()
  const entries = await db.selectFrom('check_ins').selectAll().where('ticket_id', '=', id).orderBy('id').execute()
  return { status, entries }
}

beforeAll(async () => {
  clock.set(noon)
  hall = await given.hall({ rows: 40, seats_per_row: 10 })
  show = await given.session({ hall_id: hall.id, starts_in_minutes: 240 })
})
beforeEach(() => {
  clock.set(after(200))
})
/** Seats are sold while the cinema is open for sale, and scanned when the doors are open. */
const sold = async (person?: Client) => {
  clock.set(noon)
  const ticket = await buy(person ?? (await someone()))
  clock.set(after(200))
  return ticket
}

test('R-121 a signed code or the booking reference opens the door once; the second time says when and where', async () => {
  const [one, two] = [await sold(), await sold()]
  expect(await scan({ qr_code: one.qr_code })).toMatchObject({
    status: 200,
    body: {
      result: 'ok',
      device: 'Door 1',
      repeated: false,
      ticket: { id: one.id, status: 'used', seat_row: one.seat_row, seat_number: one.seat_number },
      session: { id: show.id, hall_id: hall.id },
    },
  })
  expect(await scan({ booking_reference: ` ${two.booking_reference.toLowerCase()} ` })).toMatchObject({ body: { result: 'ok' } })
  const again = await scan({ qr_code: one.qr_code, device: 'Door 2' })
  expect(again).toMatchObject({
    status: 200,
    body: { result: 'already_used', device: 'Door 1', checked_in_at: clock.now().toISOString() },
  })
  expect(await state(one.id)).toMatchObject({ status: 'used', entries: [{ direction: 'entry', forced: false, ended_at: null }] })
  const events = await db
    .selectFrom('ticket_events')
    .select(['status', 'actor'])
    .where('ticket_id', '=', one.id)
    .orderBy('id')
    .execute()
  expect(events.at(-1)).toEqual({ status: 'used', actor: `u:${steward.id}` })
})

test('R-121 what is no ticket of ours is unknown, whatever the scanner read', async () => {
  const ticket = await sold()
  const codes = [
    '',
    'https://example.org',
    ticket.qr_code.slice(0, -1),
    `${ticket.qr_code}A`,
    'x'.repeat(4000),
    '🎬',
    'MQ1.a.1,1,1,1,1.b',
  ]
  for (const qr_code of codes)
    expect(await scan({ qr_code })).toMatchObject({ status: 200, body: { result: 'unknown', ticket: null } })
  expect(await scan({ booking_reference: 'NOBODY22' })).toMatchObject({ status: 200, body: { result: 'unknown' } })
  const times = { valid_from: noon, valid_until: noon }
  const ghost = signTicket({ ticket_id: 999_999, session_id: show.id, seat_id: 1, ...times })
  expect(await scan({ qr_code: ghost })).toMatchObject({ body: { result: 'unknown' } })
  const replaced = signTicket({ ticket_id: ticket.id, session_id: show.id, seat_id: ticket.seat_id + 1, ...times })
  expect(await scan({ qr_code: replaced })).toMatchObject({ body: { result: 'cancelled' } })
  expect(await state(ticket.id)).toMatchObject({ status: 'paid', entries: [] })
})

test('R-121 tickets that are not paid or not good any more are told apart', async () => {
  clock.set(noon)
  const buyer = await someone()
  const held = (await buyer.post('/api/v1/tickets', { session_id: show.id, seat_ids: [hall.seat_ids[399]] })).body
  expect(await scan({ booking_reference: held.booking_reference })).toMatchObject({ body: { result: 'unpaid' } })
  clock.advance(3_600)
  expect(await scan({ booking_reference: held.booking_reference })).toMatchObject({
    body: { result: 'cancelled', ticket: { status: 'expired' } },
  })
  clock.set(noon)
  const given_back = await buy(buyer)
  await buyer.post(`/api/v1/tickets/${given_back.id}/cancel`)
  for (const status of ['cancelled', 'refunded'] as const) {
    await db.updateTable('tickets').set({ status }).where('id', '=', given_back.id).execute()
    expect(await scan({ qr_code: given_back.qr_code })).toMatchObject({ body: { result: 'cancelled', ticket: { status } } })
  }
})

test('R-121 the wrong session, hall or time is named with the right one, and staff may let in with a reason', async () => {
  const ticket = await sold()
  const other = await given.session({ starts_in_minutes: 30 })
  const right = {
    ticket: { id: ticket.id, status: 'paid' },
    session: { id: show.id, hall_id: hall.id, doors_open_at: after(180).toISOString() },
  }
  const asked = { qr_code: ticket.qr_code }
  expect(await scan({ ...asked, session_id: other.id })).toMatchObject({ body: { result: 'wrong_session', ...right } })
  expect(await scan({ ...asked, hall_id: other.hall_id })).toMatchObject({ body: { result: 'wrong_hall', ...right } })
  for (const minutes of [179, 360]) {
    clock.set(after(minutes))
    expect(await scan(asked)).toMatchObject({ body: { result: 'wrong_time', ...right } })
  }
  expect(await scan({ ...asked, force: true })).toMatchObject({ status: 422, body: { code: 'tickets.reason_needed' } })
  expect(await state(ticket.id)).toMatchObject({ status: 'paid', entries: [] })
  expect(await scan({ ...asked, force: true, reason: 'came with the late bus' })).toMatchObject({
    body: { result: 'ok', forced: true },
  })
  expect((await state(ticket.id)).entries).toMatchObject([{ forced: true, reason: 'came with the late bus' }])
  expect(await scan({ ...asked, force: true, reason: 'again' })).toMatchObject({ body: { result: 'already_used' } })
  const early = await sold()
  clock.set(after(180))
  expect(await scan({ qr_code: early.qr_code, session_id: show.id, hall_id: hall.id })).toMatchObject({ body: { result: 'ok' } })
})

test('R-121 the same scan sent again is answered again, and its nonce is good for nothing else', async () => {
  const [one, two] = [await sold(), await sold()]
  const body = { qr_code: one.qr_code, nonce: 'scan-0001' }
  const replies = await Promise.all(Array.from({ length: 5 }, () => scan(body)))
  expect(replies.map((reply) => reply.body.result)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
  expect(replies.filter((reply) => !reply.body.repeated)).toHaveLength(1)
  expect((await state(one.id)).entries).toHaveLength(1)
  expect(await scan({ ...body, qr_code: two.qr_code })).toMatchObject({ status: 422, body: { code: 'tickets.nonce_reused' } })
  expect(await scan({ ...body, device: 'Door 2' })).toMatchObject({ status: 422, body: { code: 'tickets.nonce_reused' } })
  const [three, four] = [await sold(), await sold()]
  const rivals = await Promise.all([three, four].map(({ qr_code }) => scan({ qr_code, nonce: 'scan-0002' })))
  expect(rivals.map(({ status }) => status).toSorted()).toEqual([200, 422])
})

test('R-121 a scan is taken back with a reason, and the ticket opens the door again', async () => {
  const ticket = await sold()
  const undo = (body: object = { reason: 'wrong person' }) => steward.post(`/api/v1/tickets/${ticket.id}/check-in/undo`, body)
  expect(await undo()).toMatchObject({ status: 409, body: { code: 'tickets.not_used' } })
  await scan({ qr_code: ticket.qr_code })
  expect(await undo()).toMatchObject({ status: 200, body: { id: ticket.id, status: 'paid' } })
  expect(await undo()).toMatchObject({ status: 409 })
  expect(await scan({ qr_code: ticket.qr_code })).toMatchObject({ body: { result: 'ok' } })
  expect((await state(ticket.id)).entries).toMatchObject([
    { direction: 'entry', ended_at: clock.now() },
    { direction: 'exit', reason: 'wrong person' },
    { direction: 'entry', ended_at: null },
  ])
  expect(await steward.post('/api/v1/tickets/999999/check-in/undo', { reason: 'x' })).toMatchObject({ status: 404 })
  for (const body of [{}, { reason: ' ' }, { reason: 'x'.repeat(501) }, { reason: 'x', forced: true }])
    expect(await undo(body)).toMatchObject({ status: 422 })
})

test('R-121 a ticket marked used without its code has an entry too', async () => {
  const ticket = await sold()
  expect(await steward.put(`/api/v1/tickets/${ticket.id}`, { status: 'used' })).toMatchObject({ status: 200 })
  expect((await state(ticket.id)).entries).toMatchObject([{ device: 'counter', forced: true }])
})

test('the house sees who is expected, in, and still to come', async () => {
  clock.set(noon)
  const small = await given.session({ seats: 3, starts_in_minutes: 240 })
  const tickets = await Promise.all(small.seat_ids.map(async (seat) => buy(await someone(), small.id, seat)))
  clock.set(after(200))
  await scan({ qr_code: tickets[0].qr_code })
  const path = `/api/v1/sessions/${small.id}/check-ins`
  expect((await steward.get(path)).body).toEqual({ session_id: small.id, expected: 3, entered: 1, left: 2 })
  expect(await steward.get('/api/v1/sessions/999999/check-ins')).toMatchObject({
    status: 404,
    body: { code: 'sessions.not_found' },
  })
  expect(await (await as('customer')).get(path)).toMatchObject({ status: 403 })
})

test('only those who stand at the door may scan, and a scan without a code or a device is refused', async () => {
  const ticket = await sold()
  expect(await scan({ qr_code: ticket.qr_code }, anonymous)).toMatchObject({ status: 401 })
  for (const role of ['customer', 'moderator'] as const)
    expect(await scan({ qr_code: ticket.qr_code }, await as(role))).toMatchObject({ status: 403 })
  expect(await (await someone()).post(`/api/v1/tickets/${ticket.id}/check-in/undo`, { reason: 'x' })).toMatchObject({
    status: 403,
  })
  const both = { qr_code: ticket.qr_code, booking_reference: ticket.booking_reference }
  for (const body of [{}, both]) expect(await scan(body)).toMatchObject({ status: 422, body: { code: 'tickets.one_code' } })
  for (const body of [
    { device: '' },
    { device: ' ' },
    { nonce: 'short' },
    { hall: 1 },
    { qr_code: 'x'.repeat(4001) },
    { qr_code: 5 },
  ])
    expect([body, (await scan({ qr_code: ticket.qr_code, ...body })).status]).toEqual([body, 422])
  expect(await state(ticket.id)).toMatchObject({ status: 'paid', entries: [] })
})

/** Each rival is held up in turn, so that every order of the two is met. */
const race = async (rounds: number, round: (delay: (name: 'a' | 'b') => Promise<unknown>) => Promise<string>) => {
  const seen: Record<string, number> = {}
  for (let at = 0; at < rounds; at += 1) {
    const ms = ((at % 7) - 3) * 4
    const outcome = await round((name) => sleep(Math.max(0, name === 'a' ? ms : -ms)))
    seen[outcome] = (seen[outcome] ?? 0) + 1
  }
  return seen
}

test('R-121 race: of two doors that scan one ticket at once exactly one lets in', async () => {
  const seen = await race(40, async (delay) => {
    const { id, qr_code } = await sold()
    const door = (device: string) => scan({ qr_code, device }).then(({ body }) => body.result as string)
    const results = await Promise.all([delay('a').then(() => door('A')), delay('b').then(() => door('B'))])
    expect((await state(id)).entries).toHaveLength(1)
    expect(results.toSorted()).toEqual(['already_used', 'ok'])
    return results.join()
  })
  expect(Object.keys(seen).toSorted()).toEqual(['already_used,ok', 'ok,already_used'])
})

test('R-121 race: of a scan and a cancellation one wins, and the other is told', async () => {
  const manager = await as('manager')
  const seen = await race(40, async (delay) => {
    const { id, qr_code } = await sold()
    const [scanned, cancelled] = await Promise.all([
      delay('a').then(() => scan({ qr_code })),
      delay('b').then(() => manager.post(`/api/v1/tickets/${id}/cancel`)),
    ])
    const { status, entries } = await state(id)
    const outcome = `${scanned.body.result} ${cancelled.status} ${status} ${entries.length}`
    expect(['ok 409 used 1', 'cancelled 200 cancelled 0']).toContain(outcome)
    return outcome
  })
  expect(Object.keys(seen)).toHaveLength(2)
})

test('R-121 race: a scan against the undo of an earlier one leaves one entry or none, as the ticket says', async () => {
  const seen = await race(40, async (delay) => {
    const { id, qr_code } = await sold()
    await scan({ qr_code })
    const [scanned, undone] = await Promise.all([
      delay('a').then(() => scan({ qr_code, device: 'B' })),
      delay('b').then(() => steward.post(`/api/v1/tickets/${id}/check-in/undo`, { reason: 'race' })),
    ])
    const { status, entries } = await state(id)
    const standing = entries.filter(({ direction, ended_at }) => direction === 'entry' && ended_at === null).length
    const outcome = `${scanned.body.result} ${undone.status} ${status} ${standing}`
    expect(['already_used 200 paid 0', 'ok 200 used 1']).toContain(outcome)
    return outcome
  })
  expect(Object.keys(seen)).toHaveLength(2)
})
