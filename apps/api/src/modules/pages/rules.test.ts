import fc from 'fast-check'
import { expect, test } from 'vitest'

import { carry } from './head.ts'
import { escapeJson, escapeMarkup, idOf, shorten, slugOf, withOffset } from './rules.ts'

test('the address of a film is its number and its title in Latin letters, and leads back to it', () => {
  expect(slugOf({ id: 12, name: 'Дюна: частина друга' })).toBe('12-diuna-chastyna-druha')
  expect(slugOf({ id: 3, name: 'Ґанок, їжак і Щекавиця' })).toBe('3-ganok-izhak-i-shchekavytsia')
  expect(slugOf({ id: 4, name: 'Amélie — ¡olé!' })).toBe('4-amelie-ole')
  expect(slugOf({ id: 5, name: '日本' })).toBe('5')
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.string({ unit: 'binary' }), (id, name) => {
      const slug = slugOf({ id, name })
      return /^\d+(-[a-z0-9]+)*$/.test(slug) && idOf(slug) === id
    }),
  )
  expect(['dune', '', '0', '0-x', '1x', '-1', '9'.repeat(16)].map(idOf)).toEqual(Array(7).fill(undefined))
})

test('no text leaves its place in a page', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeMarkup(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/)
      const json = escapeJson(JSON.stringify({ text }))
      expect(json).not.toMatch(/[<>&\u2028\u2029]/)
      expect(JSON.parse(json)).toEqual({ text })
    }),
  )
})

test('a description is cut between words', () => {
  expect(shorten('  A long\n walk, home ', 100)).toBe('A long walk, home')
  expect(shorten('A long walk, home again', 14)).toBe('A long walk…')
})

test('a start is told with the offset of its place, in winter and in summer', () => {
  expect(withOffset(new Date('2026-01-15T17:30:00Z'), 'Europe/Kyiv')).toBe('2026-01-15T19:30:00+02:00')
  expect(withOffset(new Date('2026-07-15T17:30:00Z'), 'Europe/Kyiv')).toBe('2026-07-15T20:30:00+03:00')
})

test('a page carries the answers that fit, and leaves the others to be asked for', () => {
  const state = carry({ '/a': JSON.stringify('x'.repeat(90_000)), '/b': JSON.stringify('x'.repeat(90_000)), '/c': '1' })
  expect(state).toContain('"/a":')
  expect(state).not.toContain('"/b":')
  expect(state).toContain('"/c":1}')
})
