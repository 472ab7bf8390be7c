import { expect, test } from 'vitest'

import { dictionaries, locales, translator } from './i18n.ts'

const PLURAL = /_(one|few|many|other)$/

test('every language has every sentence, with the same blanks to fill', () => {
  const blanks = (text: string | undefined) => [...new Set((text ?? '').match(/{{\w+}}/g))].toSorted()
  const [first] = locales
  for (const locale of locales) {
    expect(Object.keys(dictionaries[locale])).toEqual(Object.keys(dictionaries[first]))
    for (const key of Object.keys(dictionaries[first]).filter((name) => !PLURAL.test(name)))
      expect({ locale, key, blanks: blanks(dictionaries[locale][key]) }).toEqual({
        locale,
        key,
        blanks: blanks(dictionaries[first][key]),
      })
  }
})

test('numbers of tickets take the right form', () => {
  const intro = (locale: 'uk' | 'ru' | 'en', count: number) =>
    translator(locale)('mail.order_paid.intro', { count, reference: 'ABC', total: '1 ₴' })
  expect([1, 2, 5, 11, 21].map((count) => /квит\p{L}+/u.exec(intro('uk', count))?.[0])).toEqual([
    'квиток',
    'квитки',
    'квитків',
    'квитків',
    'квиток',
  ])
  expect([1, 3, 5, 11, 22].map((count) => /билет\p{L}*/u.exec(intro('ru', count))?.[0])).toEqual([
    'билет',
    'билета',
    'билетов',
    'билетов',
    'билета',
  ])
  expect(intro('en', 2)).toContain('2 tickets')
})
