import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import encodeQR from 'qr'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { afterAll, expect, test } from 'vitest'

import { createTestDatabase } from '#testing/database.ts'
import { type Caller, createCaller, eventually, type Running, startServer } from '#testing/processes.ts'

const directory = mkdtempSync(join(tmpdir(), 'marquee-use-case-'))
const undo: (() => unknown)[] = [() => rmSync(directory, { recursive: true })]
afterAll(async () => {
  for (const step of undo.toReversed()) await step()
})

type House = { server: Running; mails: () => string[] }

const start = async (env: Record<string, string>) => {
  const server = await startServer({ DEMO_DATA: 'true', CERTS_DIR: join(directory, 'certs'), ...env })
  undo.push(server.stop)
  return server
}

/** No server of anything: the database in the process, mails as files. */
const embedded = async (): Promise<House> => {
  const mailbox = join(directory, 'data', 'mail')
  const readMails = () =>
    readdirSync(mailbox)
      .filter((name) => name.endsWith('.eml'))
      .map((name) => readFileSync(join(mailbox, name), 'utf8'))
  return { server: await start({ DATA_DIR: join(directory, 'data') }), mails: readMails }
}

/** PostgreSQL, and a mail server that keeps what it is told. */
const onServers = async (): Promise<House> => {
  const received: string[] = []
  const keep = async (stream: SMTPServerDataStream) => void received.push(await text(stream))
  const sink = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => void keep(stream).finally(done),
  })
  const port = await new Promise<number>((resolve) => {
    const listener = sink.listen(0, '127.0.0.1', () => resolve((listener.address() as { port: number }).port))
  })
  const { url, drop } = await createTestDatabase()
  undo.push(drop, () => new Promise((resolve) => sink.close(() => resolve(undefined))))
  const mail = { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Marquee <tickets@marquee.test>' }
  return { server: await start({ DATABASE_URL: url, DATA_DIR: join(directory, 'unused'), ...mail }), mails: () => received }
}

const decodeWords = (header: string) =>
  header.replaceAll(/\?=\s+=\?/g, '?==?').replaceAll(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_word, kind: string, coded: string) => {
    const quoted = coded.replaceAll('_', '%20').replaceAll('=', '%')
    return kind.toLowerCase() === 'b' ? Buffer.from(coded, 'base64').toString() : decodeURIComponent(quoted)
  })

const readMail = (mail: string) => {
  const [head = ''] = mail.split('\r\n\r\n', 1)
  const header = (name: string) => decodeWords(new RegExp(`^${name}: (.*(?:\r\n\\s.*)*)`, 'im').exec(head)?.[1] ?? '')
  const pictures = [...mail.matchAll(/content-type: image\/gif[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/gi)]
  return {
    to: header('To'),
    subject: header('Subject'),
    pictures: pictures.map(([, coded = '']) => Buffer.from(coded, 'base64')),
  }
}

const register = async (url: string, locale: string) => {
  const account = { email: `viewer-${randomUUID()}@marquee.test`, password: 'A long evening at the cinema', locale }
  expect(await createCaller(url).post('/api/v1/auth/register', account)).toMatchObject({ status: 201 })
  const { body } = await createCaller(url).post('/api/v1/auth/login', { email: account.email, password: account.password })
  return { email: account.email, customer: createCaller(url, { authorization: `Bearer ${body.access_token}` }) }
}

/** The next session of a film on show in which so many seats are free. */
const choose = async (customer: Caller, count: number) => {
  const { body: movies } = await customer.get('/api/v1/movies?size=100') // 1: active movies
  for (const { id } of movies.items) {
    const movie = await customer.get(`/api/v1/movies/${id}`) // 2: a movie
    expect(movie).toMatchObject({ status: 200, body: { is_active: true } })
    const { body: sessions } = await customer.get(`/api/v1/sessions?movie_id=${id}&size=100`) // 3: its available sessions
    const open = sessions.items.findLast((session: { available_seats: number }) => session.available_seats > count)
    if (open) return { movie: movie.body, session: open }
  }
  throw new Error('The demo shows nothing.')
}

const houses: [string, string, RegExp, () => Promise<House>][] = [
  ['the embedded database', 'uk', /^Ваші квитки, замовлення (\w{8})$/, embedded],
  ['PostgreSQL and a mail server', 'en', /^Your tickets, order (\w{8})$/, onServers],
]

test.concurrent.each(houses)(
  'R-110, R-256: a new customer books two seats in twelve steps, on %s',
  async (_house, locale, subject, open) => {
    const { server, mails } = await open()
    const { email, customer } = await register(server.url, locale) // registered, signed in, sessions exist
    const { movie, session } = await choose(customer, 2)
    expect((await customer.get(`/api/v1/sessions/${session.id}`)).body).toMatchObject({
      movie_id: movie.id,
      movie_title: movie.title,
    }) // 4: a session

    const before = await customer.get(`/api/v1/sessions/${session.id}/available-seats`) // 5: the hall's scheme and its free seats
    expect(before.body.seats).toHaveLength(before.body.counts.total)
    expect(before.body.counts.available).toBe(session.available_seats)
    const seats = before.body.seats.filter(({ status }: { status: string }) => status === 'free').slice(-2) // 6: seats
    const { per_ticket, per_order } = before.body.charges.fees
    const cost = seats[0].price + seats[1].price + 2 * per_ticket + per_order

    const wish = { session_id: session.id, seat_ids: seats.map(({ id }: { id: number }) => id) }
    expect(await customer.post('/api/v1/tickets', { ...wish, price: 1 })).toMatchObject({ status: 422 }) // 7: the server computes the cost
    const held = await customer.post('/api/v1/tickets', { ...wish, expected_total: cost }) // 8: confirmed, and held for now
    expect(held).toMatchObject({
      status: 201,
      body: { status: 'reserved', qr_code: null, order: { status: 'pending', total: cost, amount_due: cost } },
    })
    const { order, tickets } = held.body

    const pay = (card_token: string) =>
      customer.post('/api/v1/payments/initiate', { order_id: order.id, amount: cost, method: 'card', card_token })
    const recommendation = 'try_another_method'
    expect(await pay('tok_insufficient_funds')).toMatchObject({
      status: 402,
      body: { code: 'payments.insufficient_funds', recommendation },
    })
    const declined = await customer.get(`/api/v1/orders/${order.id}`)
    expect(declined.body).toMatchObject({
      status: 'pending',
      payments: [{ status: 'failed' }],
      tickets: [{ status: 'reserved' }, { status: 'reserved' }],
    })
    expect(await pay('tok_ok')).toMatchObject({
      status: 201,
      body: { status: 'success', order: { status: 'paid', amount_due: 0 } },
    }) // 9: paid

    const mine = await Promise.all(tickets.map(({ id }: { id: number }) => customer.get(`/api/v1/tickets/${id}`))) // 10: tickets with unique numbers
    expect(mine.map(({ body }) => body.status)).toEqual(['paid', 'paid'])
    expect(mine.map(({ body }) => body.qr_code)).toEqual([expect.stringMatching(/^MQ1\./), expect.stringMatching(/^MQ1\./)])
    expect(new Set(mine.map(({ body }) => body.booking_reference)).size).toBe(2)

    const [mail = ''] = await eventually(mails, ({ length }) => length > 0) // 11: the confirmation by e-mail, once
    const { to, subject: line, pictures } = readMail(mail)
    expect(to).toBe(email)
    expect(subject.exec(line)?.[1]).toBe(order.reference)
    expect(pictures).toEqual(mine.map(({ body }) => Buffer.from(encodeQR(body.qr_code, 'gif', { ecc: 'medium', scale: 6 }))))

    const after = await customer.get(`/api/v1/sessions/${session.id}/available-seats`) // 12: the seats are counted as sold
    expect(after.body.counts).toMatchObject({ available: before.body.counts.available - 2, sold: before.body.counts.sold + 2 })
    expect((await customer.get(`/api/v1/sessions/${session.id}`)).body).toMatchObject({
      available_seats: session.available_seats - 2,
    })
    const someoneElse = (await register(server.url, locale)).customer
    expect(await someoneElse.post('/api/v1/tickets', wish)).toMatchObject({ status: 409, body: { code: 'tickets.seats_taken' } })
    expect(mails()).toHaveLength(1)
  },
  120_000,
)
