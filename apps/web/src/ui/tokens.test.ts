import { globSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

const src = new URL('../', import.meta.url).pathname
const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8')

const tokensIn = (block: string) =>
  Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))

const [, night = '', day = ''] = css.split(':root')
const schemes = { night: tokensIn(night), day: { ...tokensIn(night), ...tokensIn(day) } }

const channel = (hex: string) => {
  const share = Number.parseInt(hex, 16) / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
const luminance = (colour: string) =>
  0.2126 * channel(colour.slice(1, 3)) + 0.7152 * channel(colour.slice(3, 5)) + 0.0722 * channel(colour.slice(5, 7))
const contrast = (a: string, b: string) => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

const GROUNDS = ['ground', 'ground-raised', 'ground-sunken']
const TEXT = 4.5
const GRAPHICS = 3

const pairs: [ink: string, ground: string, least: number][] = [
  ...GROUNDS.flatMap((ground): [string, string, number][] => [
    ['ink', ground, TEXT],
    ['ink-soft', ground, TEXT],
    ['accent-text', ground, TEXT],
    ['danger-text', ground, TEXT],
    ['good-text', ground, TEXT],
    ['line-strong', ground, GRAPHICS],
    ['focus', ground, GRAPHICS],
  ]),
  ['on-accent', 'accent', TEXT],
  ['on-accent', 'accent-hover', TEXT],
  ['on-danger', 'danger', TEXT],
  ['on-danger', 'danger-hover', TEXT],
  ['accent-text', 'accent-wash', TEXT],
  ['danger-text', 'danger-wash', TEXT],
  ['good-text', 'good-wash', TEXT],
  ['qr-ink', 'qr-field', TEXT],
  ...['seat-free', 'seat-premium', 'seat-vip'].map((seat): [string, string, number] => [seat, 'ground', GRAPHICS]),
  ...[1, 2, 3, 4, 5].map((field): [string, string, number] => ['poster-ink', `poster-${field}`, TEXT]),
]

test.for(Object.entries(schemes))('everybody can read every pair of colours by %s', ([, tokens]) => {
  for (const [ink, ground, least] of pairs)
    expect
      .soft(contrast(tokens[ink] ?? '#000000', tokens[ground] ?? '#000000'), `${ink} on ${ground}`)
      .toBeGreaterThanOrEqual(least)
})

test('no colour is written outside the tokens', () => {
  const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/gi
  const files = globSync('**/*.{css,ts,tsx}', { cwd: src }).filter((file) => !/tokens\.(css|test\.ts)$/.test(file))
  const found = files.flatMap((file) =>
    [...readFileSync(`${src}${file}`, 'utf8').matchAll(COLOUR)].map(([colour]) => `${file}: ${colour}`),
  )
  expect(files.length).toBeGreaterThan(20)
  expect(found).toEqual([])
})
