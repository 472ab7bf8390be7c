import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { type Client, startTestApp } from '#testing/app.ts'
import { readPdf, textOfPdf } from '#testing/pdf.ts'

const { anonymous, as, checkout, clock, db, directory, given, guest, server, someone } = await startTestApp()
const [customer, manager] = [await as('customer'), await as('manager')]

/** Bytes, not text. */
const fetch = async (person: Client, url: string, headers: Record<string, string> = {}) => {
  const reply = await server.inject({ url, headers: { ...person.headers, ...headers } })
  return { status: reply.statusCode, bytes: reply.rawPayload, text: reply.payload, headers: reply.headers }
}
const hold = async (person: Client, seats = 2) => {
  const session = await given.session({ seats, starts_in_minutes: 26 * 60 })
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
  return { session, order: body.order, ids: body.tickets.map(({ id }: { id: number }) => id) as number[] }
}
const buy = async (person: Client = customer, seats = 2) => {
  const held = await hold(person, seats)
  const { status, body } = await person.post(`/api/v1/orders/${held.order.id}/pay`, {
    card_token: 'tok_ok',
    email: 'olena@example.org',
  })
  expect(status).toBe(201)
  return {
    ...held,
    order: body.order,
    codes: body.order.tickets.map((ticket: { qr_code: string }) => ticket.qr_code) as string[],
  }
}
const rename = (movie_id: number, title: string) =>
  db.updateTable('movies').set({ title, translations: '{}' }).where('id', '=', movie_id).execute()
const ticketPdf = (id: number | undefined) => `/api/v1/tickets/${id}/pdf`
const unfold = (calendar: string) => calendar.replaceAll('\r\n ', '').split('\r\n')

test('a paid ticket is a page with embedded letters and the code that opens the door', async () => {
  const { ids, codes, session } = await buy()
  await rename(session.movie_id, 'Ґанок, їжак і є')
  const reference = 'SDUTFTTN'
  await db
    .updateTable('tickets')
    .set({ booking_reference: reference })
    .where('id', '=', ids[0] ?? 0)
    .execute()
  const { status, bytes, headers } = await fetch(customer, `${ticketPdf(ids[0])}?lang=uk`)
  expect(status).toBe(200)
  expect(headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'private, no-store' })
  expect(headers['content-disposition']).toBe(
    `attachment; filename="marquee-${reference}.pdf"; filename*=UTF-8''${encodeURIComponent(`Ґанок, їжак і є ${reference}`)}.pdf`,
  )
  const paper = readPdf(bytes)
  expect(paper).toMatchObject({ pages: 1, codes: [codes[0]] })
  expect(paper.fonts.every((name) => name?.startsWith('Manrope'))).toBe(true)
  expect(paper.embedded).toBeGreaterThanOrEqual(paper.fonts.length)
  const text = textOfPdf(bytes)
  if (text === undefined) return
  for (const words of ['Ґанок, їжак і є', 'Ряд', 'Місце', '200,00 ₴', reference, 'Покажіть цей код на вході'])
    expect(text).toContain(words)
})

test('the language is that of the address, else of the browser, else of the order', async () => {
  const { ids } = await buy()
  const shows = async (query: string, accept: string | undefined, words: string) => {
    const { bytes } = await fetch(customer, `${ticketPdf(ids[0])}${query}`, accept ? { 'accept-language': accept } : {})
    expect(textOfPdf(bytes) ?? words).toContain(words)
  }
  await shows('?lang=en', 'uk', 'Booking reference')
  await shows('', 'de-DE, ru;q=0.8, en;q=0.5', 'Код бронирования')
  await shows('', undefined, 'Код бронювання')
  expect(await customer.get(`${ticketPdf(ids[0])}?lang=fr`)).toMatchObject({ status: 422 })
})

test('a ticket that is not for everybody says for whom it is, on paper, in the calendar and in the mail', async () => {
  const session = await given.session({ seats: 2, starts_in_minutes: 26 * 60 })
  const [student, adult] = session.seat_ids
  const held = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: [adult, student] })
  const [ticket] = held.body.tickets.filter(({ seat_id }: { seat_id: number }) => seat_id === student)
  await customer.patch(`/api/v1/tickets/${ticket.id}`, { ticket_type: 'student' })
  await customer.post(`/api/v1/orders/${held.body.order.id}/pay`, { card_token: 'tok_ok', email: 'olena@example.org' })
  const pages = textOfPdf((await fetch(customer, `/api/v1/orders/${held.body.order.id}/pdf?lang=uk`)).bytes)
  expect(pages ?? '· Студентський').toContain('· Студентський')
  expect(pages ?? '').not.toContain('Дорослий')
  const calendar = await fetch(customer, `/api/v1/orders/${held.body.order.id}/calendar?lang=en`)
  const lines = unfold(calendar.text).join('\n')
  expect(lines.split('Student')).toHaveLength(2)
  expect(lines).not.toContain('Adult')
})

test('the paid tickets of an order are pages of one document, those given back are left out', async () => {
  const { ids, codes, order } = await buy(customer, 3)
  expect(readPdf((await fetch(customer, `/api/v1/orders/${order.id}/pdf`)).bytes)).toMatchObject({ pages: 3, codes })
  await customer.post(`/api/v1/tickets/${ids[1]}/cancel`)
  const left = readPdf((await fetch(customer, `/api/v1/orders/${order.id}/pdf`)).bytes)
  expect(left).toMatchObject({ pages: 2, codes: [codes[0], codes[2]] })
})

test('owners, guests among them, and staff have the papers; for others there is no such ticket', async () => {
  const visitor = await guest()
  const { ids, order } = await buy(visitor, 1)
  for (const kind of ['pdf', 'calendar'])
    for (const [path, code] of [
      [`/api/v1/tickets/${ids[0]}/${kind}`, 'tickets.not_found'],
      [`/api/v1/orders/${order.id}/${kind}`, 'orders.not_found'],
    ] as const) {
      // prettier-ignore
      for (const person of [visitor, manager, await as('cashier')]) expect((await fetch(person, path)).status).toBe(200)
      for (const person of [customer, await guest(), await someone('moderator')])
        expect(await person.get(path)).toMatchObject({ status: 404, body: { code } })
      expect(await anonymous.get(path)).toMatchObject({ status: 401 })
    }
})

test('a ticket that opens no door is not printed, and the answer says why', async () => {
  const held = await hold(customer, 1)
  const refused = (code: string) => ({ status: 409, body: { code } })
  const [pdf, calendar] = [ticketPdf(held.ids[0]), `/api/v1/tickets/${held.ids[0]}/calendar`]
  for (const path of [pdf, calendar, `/api/v1/orders/${held.order.id}/pdf`, `/api/v1/orders/${held.order.id}/calendar`])
    expect(await customer.get(path)).toMatchObject(refused('tickets.not_paid'))
  clock.set(new Date(Date.now() + 3600_000))
  for (const path of [pdf, calendar]) expect(await customer.get(path)).toMatchObject(refused('tickets.expired'))
  clock.set(new Date())
  const { ids, session } = await buy()
  await customer.post(`/api/v1/tickets/${ids[0]}/cancel`)
  expect(await customer.get(ticketPdf(ids[0]))).toMatchObject(refused('tickets.cancelled'))
  await db.updateTable('sessions').set({ status: 'cancelled' }).where('id', '=', session.id).execute()
  expect(await customer.get(ticketPdf(ids[1]))).toMatchObject(refused('sessions.cancelled'))
})

test('a calendar entry says when, where and which seat, in lines that every calendar can read', async () => {
  const { ids, session, order } = await buy()
  await rename(session.movie_id, 'Їжак; «дуже, дуже» довга назва \\ фільму, якій затісно в одному рядку календаря')
  const { text, headers } = await fetch(customer, `/api/v1/tickets/${ids[0]}/calendar?lang=uk`)
  expect(headers['content-type']).toBe('text/calendar; charset=utf-8; method=PUBLISH')
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  const lines = unfold(text)
  const { start_time } = (await anonymous.get(`/api/v1/sessions/${session.id}`)).body
  expect(lines).toContain(`DTSTART:${start_time.replaceAll(/[-:]|\.\d+/g, '')}`)
  expect(lines).toContain('SUMMARY:Їжак\\; «дуже\\, дуже» довга назва \\\\ фільму\\, якій затісно в одному рядку календаря')
  expect(lines).toEqual(
    expect.arrayContaining([`UID:ticket-${ids[0]}@127.0.0.1`, 'SEQUENCE:1', 'STATUS:CONFIRMED', 'TRIGGER:-PT2H']),
  )
  const description = lines.find((line) => line.startsWith('DESCRIPTION:'))
  expect(description).toContain('ряд 1\\, місце 1')
  expect(description).toContain(order.tickets[0].booking_reference)
  expect(lines.find((line) => line.startsWith('LOCATION:'))).toContain('1 Khreshchatyk\\, Kyiv')
})

test('names cannot smuggle lines into a calendar', async () => {
  const { ids, session } = await buy()
  await rename(session.movie_id, 'Quiet\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTACH:https://evil.example\u2028X')
  const lines = unfold((await fetch(customer, `/api/v1/tickets/${ids[0]}/calendar`)).text)
  expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith('ATTACH'))).toEqual([])
  const { headers } = await fetch(customer, ticketPdf(ids[0]))
  expect(String(headers['content-disposition'])).not.toMatch(/[\r\n]|%0D|%0A/)
})

test('R-119: a calendar entry moves with its session and is cancelled with its ticket, under the same name', async () => {
  const { ids, session, order } = await buy()
  const read = async (path: string) => unfold((await fetch(customer, `/api/v1/${path}/calendar`)).text)
  const field = (lines: string[], name: string) => lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1)
  const before = await read(`tickets/${ids[0]}`)
  const { start_time } = (await anonymous.get(`/api/v1/sessions/${session.id}`)).body
  const later = new Date(new Date(start_time).getTime() + 3600_000).toISOString()
  expect((await manager.patch(`/api/v1/sessions/${session.id}`, { start_time: later })).status).toBe(200)
  const moved = await read(`tickets/${ids[0]}`)
  expect(field(moved, 'UID')).toBe(field(before, 'UID'))
  expect(field(moved, 'DTSTART')).not.toBe(field(before, 'DTSTART'))
  expect(Number(field(moved, 'SEQUENCE'))).toBeGreaterThan(Number(field(before, 'SEQUENCE')))
  await customer.post(`/api/v1/tickets/${ids[0]}/cancel`)
  const gone = await read(`tickets/${ids[0]}`)
  expect(field(gone, 'STATUS')).toBe('CANCELLED')
  expect(Number(field(gone, 'SEQUENCE'))).toBeGreaterThan(Number(field(moved, 'SEQUENCE')))
  expect(gone).not.toContain('BEGIN:VALARM')
  const visit = await read(`orders/${order.id}`)
  expect([field(visit, 'UID'), field(visit, 'STATUS')]).toEqual([
    `order-${order.id}-session-${session.id}@127.0.0.1`,
    'CONFIRMED',
  ])
  expect(field(visit, 'DESCRIPTION')).not.toContain('seat 1 ')
})

test('the confirmation mail carries the visit for the calendar, and a link to the order with its papers', async () => {
  const { order } = await buy()
  await checkout.orderMail({ kind: 'order_paid', order_id: order.id })
  const mails = readdirSync(join(directory, 'mail')).map((name) => readFileSync(join(directory, 'mail', name), 'utf8'))
  const mail = mails.find((text) => text.includes(`marquee-${order.reference}.ics`)) ?? ''
  expect(mail).toContain('text/calendar')
  expect(mail).toContain(`/order/${order.reference}`)
})
