import { randomBytes } from 'node:crypto'

// No letters or digits that a person could take for another.
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const LENGTH = 8
const FAIR = 256 - (256 % ALPHABET.length)
const POOL_BYTES = 4096

let pool = Buffer.alloc(0)
let used = 0

const nextByte = (): number => {
  if (used >= pool.length) {
    pool = randomBytes(POOL_BYTES)
    used = 0
  }
  const byte = pool[used] ?? 0
  used += 1
  return byte
}

/** Random characters that can be read out and typed. */
export const readableCode = (length: number): string => {
  let code = ''
  while (code.length < length) {
    const byte = nextByte()
    if (byte < FAIR) code += ALPHABET.charAt(byte % ALPHABET.length)
  }
  return code
}

/** A random code to read out over a counter. Uniqueness is the database's; a collision is tried again by the caller. */
export const bookingReference = (): string => readableCode(LENGTH)

/** A secret for a link or a header: 256 bits. */
export const secretToken = (): string => randomBytes(32).toString('base64url')
