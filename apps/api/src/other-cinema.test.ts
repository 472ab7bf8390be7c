import { beforeAll, describe, expect, test } from 'vitest'

import { everywhere, permissions, type Role } from '#platform/http/access.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { anonymous, as, db, given, someone, reports: reportsService, pool } = await startTestApp()
const API = '/api/v1'

type House = { cinema_id: number; hall_id: number; session_id: number; ticket_id: number; order_id: number; reference: string }

const openHouse = async (): Promise<House> => {
  const { id: cinema_id } = await given.cinema()
  const hall = await given.hall({ cinema_id, seats_per_row: 10 })
  const session = await given.session({ hall_id: hall.id, starts_in_minutes: 30 })
  const buyer = await someone()
  const wish = { event_id: session.id, seat_id: session.seat_ids[0], card_token: 'tok_ok' }
  const { body } = await buyer.post(`${API}/tickets/purchase`, wish)
  const { id: ticket_id, order_id, booking_reference: reference } = body.ticket ?? body
  return { cinema_id, hall_id: hall.id, session_id: session.id, ticket_id, order_id, reference }
}

let [own, other] = [{} as House, {} as House]
let [manager, cashier, newcomer] = [{} as Client, {} as Client, {} as Client]
beforeAll(async () => {
  ;[own, other] = [await openHouse(), await openHouse()]
  ;[manager, cashier] = [await someone('manager', [own.cinema_id]), await someone('cashier', [own.cinema_id])]
  newcomer = await someone('manager', [])
})

const elsewhere = { status: 403, body: { code: 'auth.other_cinema' } }

test('R-001…R-007: the tables grant what the code says, and nothing else', async () => {
  const { rows } = await pool.query(
    'select permission, array_agg(role::text order by role) as roles from role_permissions group by permission',
  )
  const granted = Object.fromEntries(
    rows.map(({ permission, roles }: { permission: string; roles: Role[] }) => [permission, roles]),
  )
  expect(granted).toEqual(permissions)
  const roles = await db.selectFrom('roles').select('role').where('is_everywhere', '=', true).orderBy('role').execute()
  expect(roles.map(({ role }) => role)).toEqual(everywhere)
})

describe('Q-20: staff of one cinema', () => {
  test('change nothing of another one: its halls, its sessions, itself', async () => {
    const later = new Date(Date.now() + 90 * 3600_000).toISOString()
    const { id: movie_id } = await given.movie()
    const session = (hall_id: number) => ({ movie_id, hall_id, start_time: later, base_price: 100 })
    const tries: [string, (at: House) => Promise<unknown>, number][] = [
      ['rename the cinema', (at) => manager.patch(`${API}/cinemas/${at.cinema_id}`, { city: 'Odesa' }), 200],
      [
        'build a hall',
        (at) => manager.post(`${API}/cinemas/${at.cinema_id}/halls`, { name: 'New', hall_number: 9, rows: 1, seats_per_row: 2 }),
        201,
      ],
      ['rename a hall', (at) => manager.patch(`${API}/halls/${at.hall_id}`, { name: 'Blue' }), 200],
      ['schedule a session', (at) => manager.post(`${API}/sessions`, session(at.hall_id)), 201],
      ['price a session', (at) => manager.put(`${API}/sessions/${at.session_id}`, { base_price: 300 }), 200],
      ['price an event', (at) => manager.patch(`${API}/events/${at.session_id}`, { price: 310 }), 200],
      ['count who came', (at) => manager.get(`${API}/sessions/${at.session_id}/check-ins`), 200],
    ]
    for (const [deed, attempt, status] of tries) {
      expect([deed, await attempt(other)]).toMatchObject([deed, elsewhere])
      expect([deed, await attempt(own)]).toMatchObject([deed, { status }])
    }
    expect(await manager.post(`${API}/sessions/${other.session_id}/cancel`, {})).toMatchObject(elsewhere)
    expect(await manager.get(`${API}/sessions/${other.session_id}/cancellation`)).toMatchObject(elsewhere)
    expect((await manager.patch(`${API}/cinemas/999999`, { city: 'Odesa' })).status).toBe(404)
    const { version, status } = await db
      .selectFrom('sessions')
      .select(['version', 'status'])
      .where('id', '=', other.session_id)
      .executeTakeFirstOrThrow()
    expect({ version, status }).toEqual({ version: 1, status: 'scheduled' })
  })

  test('R-008: see no ticket and no order of another one, and are told that there is none', async () => {
    for (const person of [manager, cashier]) {
      const gone = { status: 404 }
      expect(await person.get(`${API}/tickets/${own.ticket_id}`)).toMatchObject({ status: 200 })
      expect(await person.get(`${API}/orders/${own.order_id}`)).toMatchObject({ status: 200 })
      for (const path of [
        `tickets/${other.ticket_id}`,
        `orders/${other.order_id}`,
        `tickets/${other.ticket_id}/pdf`,
        `orders/${other.order_id}/pdf`,
      ])
        expect([path, await person.get(`${API}/${path}`)]).toMatchObject([path, gone])
      expect(await person.post(`${API}/tickets/${other.ticket_id}/cancel`, {})).toMatchObject(gone)
      expect(await person.put(`${API}/tickets/${other.ticket_id}`, { status: 'used' })).toMatchObject(gone)
      expect(await person.post(`${API}/orders/${other.order_id}/cancel`, {})).toMatchObject(gone)
      const ids = (await person.get(`${API}/tickets`)).body.items.map(({ id }: { id: number }) => id)
      expect([ids.includes(own.ticket_id), ids.includes(other.ticket_id)]).toEqual([true, false])
      expect(await person.get(`${API}/tickets?cinema_id=${other.cinema_id}`)).toMatchObject(elsewhere)
      expect((await person.get(`${API}/tickets?booking_reference=${other.reference}`)).body.items).toEqual([])
    }
    expect((await newcomer.get(`${API}/tickets`)).body.items).toEqual([])
    expect((await (await as('admin')).get(`${API}/tickets/${other.ticket_id}`)).status).toBe(200)
  })

  test('an order that also holds a ticket of another cinema is not theirs to open', async () => {
    const buyer = await someone()
    const [here, there] = await Promise.all([
      given.session({ hall_id: own.hall_id, starts_in_minutes: 900 }),
      given.session({ hall_id: other.hall_id, starts_in_minutes: 900 }),
    ])
    const first = await buyer.post(`${API}/tickets`, { session_id: here.id, seat_ids: [here.seat_ids[1]] })
    await buyer.post(`${API}/tickets`, { session_id: there.id, seat_ids: [there.seat_ids[1]], order_id: first.body.order.id })
    expect(await manager.get(`${API}/orders/${first.body.order.id}`)).toMatchObject({ status: 404 })
    expect(await manager.get(`${API}/tickets/${first.body.id}`)).toMatchObject({ status: 200 })
  })

  test('R-055: a door sends a ticket of another cinema there, opens by no force, and says nothing of it', async () => {
    const scanned = await cashier.post(`${API}/tickets/check-in`, {
      booking_reference: other.reference,
      device: 'Door 1',
      force: true,
      reason: 'let in',
    })
    expect(scanned).toMatchObject({
      status: 200,
      body: { result: 'wrong_session', ticket: null, session: { cinema_id: other.cinema_id } },
    })
    expect(await cashier.post(`${API}/tickets/check-in`, { booking_reference: own.reference, device: 'Door 1' })).toMatchObject({
      body: { result: 'ok' },
    })
    await (await as('admin')).put(`${API}/tickets/${other.ticket_id}`, { status: 'used' })
    expect(await cashier.post(`${API}/tickets/${other.ticket_id}/check-in/undo`, { reason: 'mine' })).toMatchObject({
      status: 404,
    })
    expect(await cashier.post(`${API}/tickets/${own.ticket_id}/check-in/undo`, { reason: 'mine' })).toMatchObject({ status: 200 })
  })

  test('R-058, R-132: read the numbers of their own cinema only', async () => {
    // The days of the cinemas on which the tickets are for, whatever the hour here.
    const { rows: days } = await pool.query(
      'select min(business_day)::text as from, max(business_day)::text as to from sessions where id = any($1)',
      [[own.session_id, other.session_id]],
    )
    const { from, to } = days[0]
    const dates = `start_date=${from}&end_date=${to}`
    const sold = async (person: Client, more = '') => {
      const { counts } = (await person.get(`${API}/tickets/statistics?${dates}${more}`)).body
      return counts.paid + counts.used
    }
    expect([await sold(manager), await sold(newcomer), await sold(await as('admin'))]).toEqual([1, 0, 2])
    expect(await manager.get(`${API}/tickets/statistics?${dates}&cinema_id=${other.cinema_id}`)).toMatchObject(elsewhere)

    const order = (person: Client, fields = {}) => person.post(`${API}/reports`, { kind: 'sales_by_cinema', from, to, ...fields })
    expect(await order(manager, { cinema_id: other.cinema_id })).toMatchObject(elsewhere)
    const [mine, all] = [(await order(manager)).body.id, (await order(await as('admin'))).body.id]
    await Promise.all([mine, all].map((report_id: number) => reportsService.make({ report_id })))
    const tickets = async (person: Client, report: number) => {
      const [, ...lines] = (await person.get(`${API}/reports/${report}/download`)).body.trim().split('\r\n')
      return Object.fromEntries(lines.map((line: string) => [line.split(',')[0], line.split(',')[4]]))
    }
    expect(await tickets(manager, mine)).toEqual({ [own.cinema_id]: '1' })
    expect(await tickets(await as('admin'), all)).toEqual({ [own.cinema_id]: '1', [other.cinema_id]: '1' })
    for (const path of [`${API}/reports/${all}`, `${API}/reports/${all}/download`])
      expect((await manager.get(path)).status).toBe(404)
    expect((await manager.get(`${API}/reports`)).body.items.map(({ id }: { id: number }) => id)).toEqual([mine])
  })
})

test('whoever opens a cinema works there', async () => {
  const place = { name: 'Newly opened', address: '1 Street', city: 'Kyiv' }
  const { body } = await newcomer.post(`${API}/cinemas`, place)
  expect(
    await newcomer.post(`${API}/cinemas/${body.id}/halls`, { name: 'One', hall_number: 1, rows: 1, seats_per_row: 2 }),
  ).toMatchObject({ status: 201 })
  expect(await manager.patch(`${API}/cinemas/${body.id}`, { city: 'Odesa' })).toMatchObject(elsewhere)
  expect((await anonymous.get(`${API}/cinemas/${body.id}`)).body.city).toBe('Kyiv')
})
