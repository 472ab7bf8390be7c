import { beforeAll, expect, test } from 'vitest'

import { type Client, startTestApp } from '#testing/app.ts'

const { anonymous, as, db, given, guest, someone } = await startTestApp()
const TICKETS = '/api/v1/tickets'
const manager = await as('manager')
const [olena, petro] = [await someone(), await someone()]
const sessions: Awaited<ReturnType<typeof given.session>>[] = []
const cinemas: number[] = []

const hold = async (person: Client, at: number, seats: number[]) => {
  const { id, seat_ids } = sessions[at] ?? { id: 0, seat_ids: [] }
  const { status, body } = await person.post(TICKETS, { session_id: id, seat_ids: seats.map((seat) => seat_ids[seat]) })
  expect(status).toBe(201)
  return body.tickets
}
const list = async (person: Client, query = '', path = TICKETS) => {
  const { status, body } = await person.get(`${path}?${query}`)
  expect([query, status]).toEqual([query, 200])
  return body
}
const idsOf = (body: { items: { id: number }[] }) => body.items.map(({ id }) => id)

beforeAll(async () => {
  for (let at = 0; at < 2; at += 1) {
    const cinema = await given.cinema()
    const hall = await given.hall({ cinema_id: cinema.id, seats_per_row: 10 })
    cinemas.push(cinema.id)
    sessions.push(await given.session({ hall_id: hall.id }))
  }
  await hold(olena, 0, [0, 1, 2])
  await hold(petro, 0, [3])
  await hold(petro, 1, [0, 1])
})

test('R-053 staff find tickets by session, state, person, cinema and reference, together or alone', async () => {
  const total = async (query: string) => (await list(manager, query)).total
  expect(await total('')).toBe(6)
  expect(await total(`session_id=${sessions[0]?.id}`)).toBe(4)
  expect(await total(`cinema_id=${cinemas[1]}`)).toBe(2)
  expect(await total(`user_id=${petro.id}`)).toBe(3)
  expect(await total(`user_id=${petro.id}&cinema_id=${cinemas[0]}`)).toBe(1)
  expect([await total('status=reserved'), await total('status=paid'), await total('status=expired')]).toEqual([6, 0, 0])
  const [first] = (await list(manager, 'size=1')).items
  expect((await list(manager, `booking_reference=${first.booking_reference.toLowerCase()}`)).items).toMatchObject([
    { id: first.id },
  ])
  expect(await total('booking_reference=NOBODY22')).toBe(0)
  await db
    .updateTable('orders')
    .set({ expires_at: new Date(0) })
    .where('id', '=', first.order_id)
    .execute()
  expect([await total('status=reserved'), await total('status=expired')]).toEqual([4, 2])
  expect(await total(`status=expired&session_id=${sessions[0]?.id}`)).toBe(0)
})

test('R-022 R-053 customers and guests see their own tickets, whatever they ask for', async () => {
  expect((await list(olena)).total).toBe(3)
  expect((await list(olena, `session_id=${sessions[1]?.id}`)).total).toBe(0)
  expect((await list(olena, `cinema_id=${cinemas[0]}`)).total).toBe(3)
  expect(
    (await list(petro, 'status=reserved', `${TICKETS}/my`)).items.every(
      ({ user_id }: { user_id: number }) => user_id === petro.id,
    ),
  ).toBe(true)
  const visitor = await guest()
  await hold(visitor, 1, [5])
  expect((await list(visitor)).total).toBe(1)
  expect(await olena.get(`${TICKETS}?user_id=${petro.id}`)).toMatchObject({ status: 403 })
})

test('R-023, R-054: a ticket is shown to its owner and to staff of its cinema; to others there is none', async () => {
  const [ticket] = (await list(petro, `session_id=${sessions[1]?.id}`)).items
  const [here, elsewhere] = [await someone('cashier', [cinemas[1] ?? 0]), await someone('manager', [cinemas[0] ?? 0])]
  for (const person of [petro, manager, here, await as('admin')])
    expect(await person.get(`${TICKETS}/${ticket.id}`)).toMatchObject({ status: 200, body: { ...ticket } })
  for (const person of [olena, elsewhere, await as('moderator'), await guest()])
    expect(await person.get(`${TICKETS}/${ticket.id}`)).toMatchObject({ status: 404, body: { code: 'tickets.not_found' } })
  expect(await anonymous.get(`${TICKETS}/${ticket.id}`)).toMatchObject({ status: 401 })
})

test('R-022 R-053 a list goes on by cursor to its end, each ticket once, while new ones come in', async () => {
  for (const [person, filter] of [
    [manager, ''],
    [manager, `session_id=${sessions[0]?.id}`],
    [manager, `user_id=${petro.id}`],
    [olena, ''],
  ] as const) {
    const whole = idsOf(await list(person, `${filter}&size=100`))
    expect(whole.length).toBeGreaterThan(2)
    let body = await list(person, `${filter}&size=2`)
    const seen = idsOf(body)
    while (body.next_cursor !== null) {
      if (seen.length === 2 && person === olena) await hold(olena, 1, [8])
      body = await list(person, `${filter}&size=2&cursor=${body.next_cursor}`)
      expect(body).toMatchObject({ total: null, page: null, pages: null, size: 2 })
      seen.push(...idsOf(body))
    }
    expect(seen).toEqual(whole)
  }
})

test('tickets of one moment are not lost between two pages', async () => {
  const ids = idsOf(await list(petro))
  await db
    .updateTable('tickets')
    .set({ created_at: new Date('2026-01-01T00:00:00.123Z') })
    .where('id', 'in', ids)
    .execute()
  const first = await list(petro, 'limit=1')
  const second = await list(petro, `limit=1&cursor=${first.next_cursor}`)
  const third = await list(petro, `limit=1&cursor=${second.next_cursor}`)
  expect([first, second, third].flatMap(idsOf)).toEqual(ids)
  expect(third.next_cursor).toBeNull()
})

test('a cursor that is not ours, or stands beside a page, is refused', async () => {
  const write = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const { next_cursor } = await list(manager, 'size=1')
  const bad = [
    'x',
    '%00',
    'null',
    write(null),
    write({}),
    write([]),
    write(['tickets']),
    write(['orders', 1, 2]),
    write(['tickets', '1', 2]),
  ]
  for (const cursor of [...bad, write(['tickets', 1.5, 2]), write(['tickets', 1e300, 2]), `${next_cursor}=`, ` ${next_cursor}`])
    expect([cursor, await manager.get(`${TICKETS}?cursor=${encodeURIComponent(cursor)}`)]).toMatchObject([
      cursor,
      { status: 422, body: { code: 'pagination.cursor', errors: [{ pointer: '/cursor' }] } },
    ])
  for (const query of [`cursor=${next_cursor}&page=2`, `cursor=${next_cursor}&skip=0`])
    expect(await manager.get(`${TICKETS}?${query}`)).toMatchObject({ status: 422, body: { code: 'pagination.mixed' } })
  expect(await manager.get(`${TICKETS}?cursor=`)).toMatchObject({ status: 422 })
  expect(await manager.get(`${TICKETS}?cursor=${next_cursor}&size=101`)).toMatchObject({ status: 422 })
  expect(await manager.get(`${TICKETS}?cinema_id=x`)).toMatchObject({ status: 422 })
})
