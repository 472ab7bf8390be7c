import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { systemClock } from '#platform/clock.ts'
import { openTokenKeys, type TokenAlgorithm } from '#platform/token-keys.ts'
import { createTokens } from './tokens.ts'

const folder = mkdtempSync(join(tmpdir(), 'marquee-tokens-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tokensOf = (algorithm: TokenAlgorithm) => {
  const keys = openTokenKeys({ folder: mkdtempSync(join(folder, algorithm)), algorithm, production: false })
  return createTokens({ keys, clock: systemClock, lifetimeSeconds: 900 })
}
const ALGORITHMS = ['EdDSA', 'RS256', 'HS256'] as const
const houses = Object.fromEntries(ALGORITHMS.map((name) => [name, tokensOf(name)]))
const somebody = { id: 7, role: 'admin', sign_in: '00000000-0000-4000-8000-000000000007', impersonated_by: 8 } as const

test.each(ALGORITHMS)('R-202: a house that signs with %s reads its own tokens and nobody else’s', async (algorithm) => {
  const token = await (houses[algorithm]?.sign(somebody) ?? '')
  expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({ alg: algorithm })
  const read = await Promise.all(
    [...Object.values(houses), tokensOf(algorithm)].map((house) =>
      house.claimsOf(token).then(
        ({ id }) => id,
        ({ code }) => code,
      ),
    ),
  )
  expect(read.filter((one) => one === 7)).toHaveLength(1)
  expect(read.filter((one) => one === 'auth.invalid_token')).toHaveLength(ALGORITHMS.length)
  expect(await houses[algorithm]?.claimsOf(token)).toEqual({ id: 7, sign_in: somebody.sign_in, impersonated_by: 8 })
})
