import { createHmac } from 'node:crypto'

import type { Page } from 'playwright-core'

export const PASSWORD = 'Marquee-test-1'

export const newEmail = (name: string) => `${name}-${crypto.randomUUID()}@example.com`

export const signUp = async (page: Page, email: string) => {
  await page.goto('/account/sign-up')
  await page.locator('input[name="name"]').fill('Олена Петренко')
  await page.locator('input[name="email"]').fill(email)
  await page.locator('input[name="password"]').fill(PASSWORD)
  await page.locator('main form button[type="submit"]').click()
}

/** Fills and sends the form for signing in that is on the page. */
export const enterBy = async (page: Page, email: string, password = PASSWORD) => {
  await page.locator('input[name="email"]').fill(email)
  await page.locator('input[name="password"]').fill(password)
  await page.locator('main form button[type="submit"]').click()
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const bytesOf = (base32: string) => {
  const bits = [...base32].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** What an authenticator app shows so many half minutes from now (RFC 6238). */
export const codeOf = (secret: string, later = 0): string => {
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later))
  const hash = createHmac('sha1', bytesOf(secret.replaceAll(/\s/g, '')))
    .update(step)
    .digest()
  const at = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(at) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0')
}
