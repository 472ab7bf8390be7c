import { expect, test } from 'vitest'

import { type MailTicket, writeOrderMail } from './order-mail.ts'

const ticket: MailTicket = {
  title: 'Тіні <script>забутих</script> предків',
  starts_at: '2026-11-21T17:30:00.000Z',
  timezone: 'Europe/Kyiv',
  cinema: 'Marquee Podil',
  address: '14 Nyzhnii Val St, Kyiv',
  hall: 'Amber',
  seat_row: '5',
  seat_number: 12,
  seat_type: 'wheelchair',
  booking_reference: 'ABCD2345',
  qr_code: 'MQ1.kid.1,2,3,4,5.signature',
}
const order = {
  id: 1,
  reference: 'QWER2345',
  locale: 'uk' as const,
  currency: 'UAH',
  total_minor: 36_050,
  link: 'https://marquee.test/order/QWER2345?key=MO1.a.1.b',
  tickets: [ticket],
}

test('a confirmation says where and when in the cinema’s time, and carries the code as a picture', () => {
  const mail = writeOrderMail('order_paid', order)
  expect(mail.subject).toBe('Ваші квитки, замовлення QWER2345')
  expect(mail.text).toContain('360,50')
  expect(mail.text).toContain('19:30')
  expect(mail.text).toContain('Amber, ряд 5, місце 12 (для крісла колісного)')
  expect(mail.attachments).toMatchObject([{ filename: 'ABCD2345.gif', contentType: 'image/gif', cid: 'ABCD2345@marquee' }])
  expect(mail.attachments?.[0]?.content.subarray(0, 3).toString()).toBe('GIF')
  expect(mail.html).toContain('cid:ABCD2345@marquee')
})

test('a title cannot smuggle markup into the mail', () => {
  const { html } = writeOrderMail('order_paid', order)
  expect(html).not.toContain('<script>')
  expect(html).toContain('&lt;script&gt;')
})

test('a mail about money that goes back shows no code', () => {
  for (const locale of ['uk', 'ru', 'en'] as const) {
    const mail = writeOrderMail('money_returned', { ...order, locale })
    expect(mail.attachments).toEqual([])
    expect(mail.text).not.toContain('mail.')
  }
})

test.each([
  ['uk', '19:30', '21:00'],
  ['ru', '19:30', '21:00'],
  ['en', '7:30', '9:00'],
] as const)(
  'R-119: in %s a mail about a moved session says the old and the new time, and carries the new code',
  (locale, now, was) => {
    const mail = writeOrderMail('session_moved', { ...order, locale, moved_from: '2026-11-21T19:00:00.000Z' })
    const [, intro = ''] = mail.text.split('\n\n')
    expect(intro).toContain(now)
    expect(intro).toContain(was)
    expect(intro).toContain(ticket.title)
    expect(mail.attachments).toHaveLength(1)
    expect(mail.text).not.toMatch(/mail\.|\{\{/)
  },
)

test.each(['uk', 'ru', 'en'] as const)(
  'R-119: in %s a mail about a cancelled session says what goes back, and shows no code',
  (locale) => {
    const mail = writeOrderMail('session_cancelled', { ...order, locale })
    expect(mail.text).toMatch(/360[.,]50/)
    expect(mail.subject).toContain(ticket.title)
    expect(mail.attachments).toEqual([])
    expect(mail.text).not.toMatch(/mail\.|\{\{/)
  },
)

test.each(['uk', 'ru', 'en'] as const)(
  'R-116: in %s a mail about exchanged tickets names both orders, and shows no code',
  (locale) => {
    const mail = writeOrderMail('tickets_exchanged', { ...order, locale, other_reference: 'ZXCV2345' })
    expect(mail.text).toContain('QWER2345')
    expect(mail.text).toContain('ZXCV2345')
    expect(mail.attachments).toEqual([])
    expect(mail.text).not.toMatch(/mail\.|\{\{/)
  },
)

test.each([
  ['uk', 'Зелена', 'Було: Amber, ряд 5, місце 12', 'Місця для цього квитка немає', '200,00'],
  ['ru', 'Зелёный', 'Было: Amber, ряд 5, место 12', 'Места для этого билета нет', '200,00'],
  ['en', 'Green', 'Before: Amber, row 5, seat 12', 'There is no seat for this ticket', '200.00'],
] as const)('R-119: in %s a mail about a swapped hall says both seats, and what goes back', (locale, hall, was, none, money) => {
  const swapped = { ...ticket, hall, was: { ...ticket, seat_type: 'standard' } }
  const tickets = [swapped, { ...swapped, booking_reference: 'GONE2345', is_returned: true }]
  const mail = writeOrderMail('hall_swapped', { ...order, locale, tickets, returned_minor: 20_000 })
  for (const said of [hall, was, none, money]) expect(mail.text).toContain(said)
  expect(mail.text).not.toContain('mail.')
  expect(mail.attachments?.map(({ filename }) => filename)).toEqual(['ABCD2345.gif'])
})

test.each(['uk', 'ru', 'en'] as const)('R-119: in %s staff have a word with holders, and it cannot become markup', (locale) => {
  const notice = 'Line one\n<img src=x> {{title}}'
  const mail = writeOrderMail('session_moved', { ...order, locale, moved_from: '2026-11-21T19:00:00.000Z', notice })
  expect(mail.text).toMatch(/: Line one\n<img src=x> \{\{title\}\}\n\n/)
  expect(mail.html).toContain('Line one\n&lt;img src=x&gt;')
  expect(mail.html).not.toContain('<img src=x>')
  expect(writeOrderMail('session_moved', { ...order, locale, moved_from: '2026-11-21T19:00:00.000Z' }).text).not.toContain(
    '\n\n\n',
  )
})
