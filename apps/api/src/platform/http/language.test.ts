import { expect, test } from 'vitest'

import { preferredLocale, visitorLocale } from './language.ts'

test('the language is the first wanted one that we speak', () => {
  expect(preferredLocale('de, ru;q=0.4, uk-UA;q=0.9')).toBe('uk')
  expect(preferredLocale('en;q=0, ru;q=0.1')).toBe('ru')
  expect([undefined, '', 'de', '*', ';;;,,q=', 'uk;q=x'].map(preferredLocale)).toEqual(Array(6).fill(undefined))
})

test('a visitor sees the language chosen before, else Ukrainian in Ukraine, else the browser’s, else English', () => {
  expect(visitorLocale({ cookie: 'a=b; marquee_lang=ru', 'accept-language': 'uk' })).toBe('ru')
  expect(visitorLocale({ cookie: 'marquee_lang=xx', 'accept-language': 'ru-UA, ru' })).toBe('uk')
  expect(visitorLocale({ 'accept-language': 'ru, en' })).toBe('ru')
  expect(visitorLocale({ cookie: 'not_marquee_lang=uk', 'accept-language': 'fr' })).toBe('en')
})
