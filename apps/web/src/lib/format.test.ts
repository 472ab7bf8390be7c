import { expect, test } from 'vitest'

import { formatClock, formatLength, formatMoney, languageName } from './format.ts'
import { chooseLanguage } from './language.ts'
import { idOf, slugOf } from './slug.ts'

const plain = (text: string) => text.replaceAll(/\s/g, ' ')

test('money is written as people write it', () => {
  expect(plain(formatMoney('uk', 230, 'UAH'))).toBe('230 ₴')
  expect(plain(formatMoney('uk', 1230.5, 'UAH'))).toBe('1 230,50 ₴')
  expect(plain(formatMoney('ru', 230, 'UAH'))).toBe('230 ₴')
  expect(plain(formatMoney('en', 230, 'UAH'))).toBe('₴230')
})

test('the clock is that of the cinema, with 24 hours in every language', () => {
  expect(formatClock('en', '2026-11-21T17:50:00.000Z', 'Europe/Kyiv')).toBe('19:50')
  expect(formatClock('uk', '2026-11-21T22:05:00.000Z', 'Europe/Kyiv')).toBe('00:05')
})

test('lengths and languages have names in the language of the page', () => {
  expect(plain(formatLength('uk', 132))).toBe('2 год 12 хв')
  expect(plain(formatLength('en', 60))).toBe('1 hr')
  expect(languageName('uk', 'uk')).toBe('українська')
  expect(languageName('ru', 'en')).toBe('английский')
})

test('the site speaks what was chosen, else Ukrainian in Ukraine, else what the browser asks for', () => {
  const abroad = { cookie: '', languages: ['fr-FR', 'ru'], timeZone: 'Europe/Paris' }
  expect(chooseLanguage(abroad)).toBe('ru')
  expect(chooseLanguage({ ...abroad, languages: ['fr'] })).toBe('en')
  expect(chooseLanguage({ ...abroad, timeZone: 'Europe/Kyiv' })).toBe('uk')
  expect(chooseLanguage({ ...abroad, languages: ['ru-UA', 'ru'] })).toBe('uk')
  expect(chooseLanguage({ ...abroad, timeZone: 'Europe/Kyiv', cookie: 'a=1; marquee_lang=en' })).toBe('en')
})

test('addresses of films are latin words after a number, and the number finds the film', () => {
  expect(slugOf(10, 'Dune: Part Two')).toBe('10-dune-part-two')
  expect(slugOf(7, 'Тіні забутих предків')).toBe('7-tini-zabutykh-predkiv')
  expect(slugOf(9, 'Amélie')).toBe('9-amelie')
  expect(slugOf(3, '기생충')).toBe('3')
  expect(idOf('10-dune')).toBe(10)
  expect(idOf('10')).toBe(10)
  expect(idOf('dune')).toBeUndefined()
  expect(idOf('0-dune')).toBeUndefined()
})
