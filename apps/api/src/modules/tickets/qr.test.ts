import { generateKeyPairSync, sign } from 'node:crypto'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createTicketSigner, createTicketVerifier } from './qr.ts'

const keyNamed = (kid: string) => ({ kid, ...generateKeyPairSync('ed25519') })
const [current, retired, foreign] = [keyNamed('current-key0'), keyNamed('retired-key0'), keyNamed('current-key0')]
const verify = createTicketVerifier([current, retired])
const claims = {
  ticket_id: 17,
  session_id: 5,
  seat_id: 99,
  valid_from: new Date('2026-11-21T18:00:00Z'),
  valid_until: new Date('2026-11-21T21:00:00Z'),
}
const code = createTicketSigner(current)(claims)

test('R-121 a code that we signed says what we signed, also with a key that is used no more', () => {
  expect(verify(code)).toEqual(claims)
  expect(verify(createTicketSigner(retired)(claims))).toEqual(claims)
  expect(verify(`  ${code}\r\n`)).toEqual(claims)
})

test('R-121 a code of somebody else, of an unknown key or with another ticket is nothing', () => {
  expect(verify(createTicketSigner(foreign)(claims))).toBeUndefined()
  expect(verify(createTicketSigner(keyNamed('another-key0'))(claims))).toBeUndefined()
  expect(verify(code.replace('.17,', '.18,'))).toBeUndefined()
  expect(verify(code.replace('MQ1.', 'MQ2.'))).toBeUndefined()
})

test('R-121 no single changed, lost or doubled character of a code is accepted', () => {
  let tried = 0
  for (let at = 0; at < code.length; at += 1)
    for (const put of ['', 'A', '0', code[at] === '-' ? '_' : '-', (code[at] ?? '').repeat(2)]) {
      const forged = code.slice(0, at) + put + code.slice(at + 1)
      if (forged === code) continue
      tried += 1
      expect([forged, verify(forged)]).toEqual([forged, undefined])
    }
  expect(tried).toBeGreaterThan(500)
})

test('R-121 whatever a scanner reads is answered without a failure', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => verify(text) === undefined))
  for (const text of ['', '.', '...', 'MQ1', 'MQ1...', 'https://example.org/ticket/1', 'MQ1.'.repeat(1_000), 'x'.repeat(100_000)])
    expect(verify(text)).toBeUndefined()
})

test('R-121 numbers beyond what an id can be are refused although they are signed', () => {
  const body = `MQ1.${current.kid}.${'9'.repeat(16)},1,1,1,1`
  expect(verify(`${body}.${sign(null, Buffer.from(body), current.privateKey).toString('base64url')}`)).toBeUndefined()
})
