import type { Random } from './random.ts'

const nested = (depth: number, inside: unknown): unknown => {
  let value = inside
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

const texts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a\u0000b',
  '\u202eabc',
  "' or 1=1 --",
  "'; drop table tickets; --",
  '<script>alert(1)</script>',
  '{{7*7}}${7*7}',
  '../../../../etc/passwd',
  '%00%0d%0aSet-Cookie: a=b',
  '=cmd()|A1',
  '١٢٣',
  'NaN',
  'Infinity',
  'null',
  'true',
  '1e999',
  '0x10',
  '2026-02-30',
  '2026-13-01T25:61:00Z',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '+275760-09-13T00:00:00Z',
  'i̇İıI',
  '\u{1f3ac}'.repeat(200),
  'x'.repeat(20_000),
]
const numbers = [0, -0, -1, 1.5, 0.001, 1e-300, 1e21, 1e308, 2 ** 31, 2 ** 53, -(2 ** 63), 19.999]

/** A value that nobody means well with. */
export const hostileValue = (random: Random): unknown =>
  random.pick([
    () => random.pick(texts),
    () => random.pick(numbers),
    () => random.pick([null, true, false, [], {}, [[]], [null]]),
    () => nested(random.pick([3, 50, 3_000]), 1),
    () => ({ __proto__: { is_admin: true }, constructor: { prototype: { x: 1 } }, toString: 1 }),
    () => Array.from({ length: random.pick([11, 300, 5_000]) }, (_, index) => index),
  ])()

/** The same for places that carry text only: addresses and headers. */
export const hostileText = (random: Random): string =>
  random.pick([() => random.pick(texts), () => String(random.pick(numbers)), () => '[object Object]', () => '1,2', () => ' 1'])()

export const hostileBodies = [
  '',
  'null',
  '[]',
  '"text"',
  '{',
  '{"a":1}}',
  '{"id":1,"id":2}',
  '\ufeff{}',
  '[['.repeat(10_000),
  '{"a":'.repeat(10_000),
  `{"__proto__":{"role":"admin"}}`,
  `{"constructor":{"prototype":{"role":"admin"}}}`,
  '{"x":1e400}',
  `{"text":"\\ud800"}`,
  `{"text":"${'x'.repeat(1_500_000)}"}`,
]
export const hostileTypes = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'multipart/form-data',
  'x/y',
  '',
]
