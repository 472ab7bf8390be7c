import { describe, expect, test } from 'vitest'

import { createReadWebhook } from './provider.ts'
import { signWebhook, verifyWebhook } from './signature.ts'

const SECRET = 'a secret of the tests'
const secrets = [SECRET]

describe('a webhook signature', () => {
  const now = new Date('2026-05-01T12:00:00Z')
  const raw = Buffer.from('{"id":"evt_1"}')
  const header = signWebhook(SECRET, raw, now)
  const check = (change: Partial<Parameters<typeof verifyWebhook>[0]>) => () =>
    verifyWebhook({ secrets, raw, header, now, ...change })
  const forged: unknown = expect.objectContaining({ status: 400, code: 'payments.webhook_forged' })
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

  test('is accepted within five minutes, with any secret in use on either side', () => {
    expect(check({})).not.toThrow()
    expect(check({ now: later(300) })).not.toThrow()
    expect(check({ secrets: ['the next secret', SECRET] })).not.toThrow()
    expect(check({ header: signWebhook(['the next secret', SECRET], raw, now) })).not.toThrow()
  })

  const [time, signature] = header.split(',') as [string, string]
  test.each([
    ['of another body', { raw: Buffer.from('{"id":"evt_2"}') }],
    ['of another secret', { secrets: ['another secret'] }],
    ['with no secret known', { secrets: [] }],
    ['made with an empty secret', { secrets: [''], header: signWebhook('', raw, now) }],
    ['too old', { now: later(301) }],
    ['from the future', { now: later(-301) }],
    ['that is absent', { header: undefined }],
    ['given twice', { header: [header, header] }],
    ['that is empty', { header: '' }],
    ['without a time', { header: signature }],
    ['without a digest', { header: time }],
    ['with another time', { header: header.replace(time, 't=1777636801') }],
    ['with two times', { header: `${time},${header}` }],
    ['with a time that is no number', { header: `t=soon,${signature}` }],
    ['cut short', { header: header.slice(0, -2) }],
    ['of another scheme', { header: header.replace('v1=', 'v0=') }],
  ])('%s is refused', (_how, change) => expect(check(change)).toThrow(forged))

  test('does not make an unreadable webhook readable', () => {
    const readWebhook = createReadWebhook({ secrets, clock: { now: () => now } })
    for (const body of ['not json', '{}', '{"id":"evt_1","type":"payment.succeeded","created":1,"data":{"payment_id":"1"}}'])
      expect(() => readWebhook(Buffer.from(body), { 'marquee-signature': signWebhook(SECRET, body, now) })).toThrow(
        'not understood',
      )
  })
})
