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
const order = { id: 1, reference: 'QWER2345', locale: 'uk' as const, currency: 'UAH', total_minor: 36_050, tickets: [ticket] }

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
