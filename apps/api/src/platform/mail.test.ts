import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { SMTPServer, type SMTPServerDataStream, type SMTPServerEnvelope, type SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { eventually, freePort } from '#testing/processes.ts'
import { createMailer, type Mail } from './mail.ts'

const MAIL_FROM = 'Marquee <tickets@marquee.test>'
const directory = mkdtempSync(join(tmpdir(), 'marquee-mail-'))
afterAll(() => rmSync(directory, { recursive: true }))
const laterPort = await freePort()
const { as, given, db, pool, work } = await startTestApp({ config: { SMTP_URL: `smtp://127.0.0.1:${laterPort}`, MAIL_FROM } })
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

const mail = (wish: Partial<Mail> = {}): Mail => ({
  to: 'olena@example.org',
  subject: 'Ваші квитки',
  text: 'Ряд 5, місце 12',
  html: '<p>Ряд 5</p><img src="cid:code">',
  message_id: '<order_paid.1@marquee.test>',
  attachments: [{ filename: 'ABCD2345.gif', content: Buffer.from('GIF89a'), contentType: 'image/gif', cid: 'code' }],
  ...wish,
})

type Received = { from: string; to: string[]; raw: string }

/** A real mail server that keeps what it is told. */
const openSink = async (port = 0, options: SMTPServerOptions = {}) => {
  const received: Received[] = []
  const keep = async (stream: SMTPServerDataStream, { mailFrom, rcptTo }: SMTPServerEnvelope) => {
    const raw = await text(stream)
    received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw })
  }
  const sink = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, { envelope }, done) => void keep(stream, envelope).finally(done),
    ...options,
  })
  const bound = await new Promise<number>((resolve) => {
    const listener = sink.listen(port, '127.0.0.1', () => resolve((listener.address() as { port: number }).port))
  })
  undo.push(() => new Promise<void>((resolve) => sink.close(() => resolve())))
  return { port: bound, received }
}
const mailerTo = (port: number) => {
  const mailer = createMailer({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM, DATA_DIR: directory })
  undo.push(mailer.close)
  return mailer
}
const headers = (raw: string) => raw.slice(0, raw.indexOf('\r\n\r\n'))

test('R-135: a mail reaches its server with sender, recipient, stable id, both texts and the picture', async () => {
  const { port, received } = await openSink()
  await mailerTo(port).send(mail())
  expect(received).toMatchObject([{ from: 'tickets@marquee.test', to: ['olena@example.org'] }])
  const { raw = '' } = received[0] ?? {}
  expect(headers(raw)).toMatch(/^Message-ID: <order_paid\.1@marquee\.test>$/m)
  expect(headers(raw)).toMatch(/^From: Marquee <tickets@marquee\.test>$/m)
  for (const part of [
    'text/plain; charset=utf-8',
    'text/html; charset=utf-8',
    'image/gif; name=ABCD2345.gif',
    'Content-ID: <code>',
  ])
    expect(raw).toContain(part)
  expect(raw).toContain(Buffer.from('GIF89a').toString('base64'))
})

test('Q-26: nothing that a person wrote becomes a header, a recipient or a part', async () => {
  const { port, received } = await openSink()
  const evil = 'Dune\r\nBcc: thief@example.org\r\n\r\n<script>'
  await mailerTo(port).send(mail({ subject: evil, text: `${evil}\r\n.\r\nMAIL FROM:<thief@example.org>` }))
  expect(received.map(({ to }) => to)).toEqual([['olena@example.org']])
  expect(headers(received[0]?.raw ?? '')).not.toMatch(/^bcc:/im)
})

test('R-138: a mail that its server refuses, or that finds no server, is an error, so that its job is tried again', async () => {
  const refuse: SMTPServerOptions['onRcptTo'] = (_address, _session, done) =>
    done(Object.assign(new Error('mailbox unknown'), { responseCode: 550 }))
  const { port } = await openSink(0, { onRcptTo: refuse })
  await expect(mailerTo(port).send(mail())).rejects.toMatchObject({ responseCode: 550 })
  await expect(mailerTo(await freePort()).send(mail())).rejects.toMatchObject({ code: 'ESOCKET' })
})

test('R-138: without a mail server a mail is a file; the same mail again is the same file', async () => {
  const mailer = createMailer({ MAIL_FROM, DATA_DIR: directory })
  const mailbox = join(directory, 'mail')
  const files = () => readdirSync(mailbox)
  await Promise.all([mailer.send(mail()), mailer.send(mail({ message_id: '<order_paid.2@marquee.test>' }))])
  const before = files()
  expect(before).toEqual([expect.stringMatching(/^[0-9a-f]{24}\.eml$/), expect.stringMatching(/\.eml$/)])
  await mailer.send(mail({ text: 'written again' }))
  expect(files()).toEqual(before)
  const contents = before.map((name) => readFileSync(join(mailbox, name), 'utf8'))
  expect(contents.filter((content) => content.includes('written again'))).toHaveLength(1)
  expect(contents.every((content) => headers(content).includes('To: olena@example.org'))).toBe(true)
})

test('Q-11, R-138: while the mail server is away people book and pay, and afterwards each gets one mail', async () => {
  await work()
  const customer = await as('customer')
  const buy = async () => {
    const { id, seat_ids } = await given.session({ seats: 1 })
    return customer.post('/api/v1/tickets/purchase', { event_id: id, seat_id: seat_ids[0], card_token: 'tok_ok' })
  }
  const bought = await Promise.all([buy(), buy(), buy()])
  expect(bought.map(({ status, body }) => [status, body.status])).toEqual([
    [201, 'paid'],
    [201, 'paid'],
    [201, 'paid'],
  ])
  const failed = await eventually(
    async () =>
      (await pool.query(`select sum(retry_count) as tries from pgboss.job where name = 'mail.order' and state = 'retry'`)).rows[0]
        .tries,
    (tries) => Number(tries) >= 3,
  )
  expect(Number(failed)).toBeGreaterThanOrEqual(3)
  const { received } = await openSink(laterPort)
  const hurry = () => pool.query(`update pgboss.job set start_after = now() where state = 'retry'`)
  await eventually(
    () => hurry().then(() => received),
    ({ length }) => length >= 3,
  )
  const ids = received.map(({ raw }) => /^Message-ID: (.*)$/m.exec(raw)?.[1])
  expect(new Set(ids).size).toBe(3)
  const log = () => db.selectFrom('mail_log').select(['message_id', 'sent_at']).execute()
  const sent = await eventually(log, (rows) => rows.every(({ sent_at }) => sent_at !== null))
  expect(sent.map(({ message_id }) => message_id).toSorted()).toEqual(ids.toSorted())
  await eventually(
    async () => (await pool.query(`select from pgboss.job where name = 'mail.order' and state < 'completed'`)).rowCount,
    (count) => count === 0,
  )
  expect(received).toHaveLength(3)
})
