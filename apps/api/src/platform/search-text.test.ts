import fc from 'fast-check'
import { expect, test } from 'vitest'

import { searchForms, searchLines, searchTerms, searchText } from './search-text.ts'

const texts = fc.string({ unit: 'grapheme', maxLength: 40 })
const words = fc.stringMatching(/^[a-zа-яіїєґ0-9%_\\'’-]{1,12}$/)

test('one spelling for one word, whatever its alphabet, case and accents', () => {
  const same = (...spellings: string[]) => expect([spellings, new Set(spellings.map(searchText)).size]).toEqual([spellings, 1])
  same('Дюна', 'ДЮНА', 'dyuna', 'diuna', 'Djuna')
  same('їжак', 'ижак', 'izhak')
  same('Amélie', 'AMELIE', 'Amelie')
  same('Straße', 'STRASSE')
  same('п’ять', "п'ять", 'пʼять')
  same('ёж', 'еж')
  expect(searchForms('Гамлет')).toEqual(['gamlet', 'hamlet'])
  expect(searchText('100% Wolf_\\🎬')).toBe('100% wolf_\\🎬')
})

test('folding a folded text changes nothing', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(searchText(searchText(text))).toBe(searchText(text))
    }),
  )
})

test('a part that is asked for stays a part of the whole, so that parts of titles are found', () => {
  fc.assert(
    fc.property(words, words, words, (one, two, three) => {
      expect(searchText(`${one}${two}${three}`)).toContain(searchText(two))
      expect(searchText(`${one} ${two} ${three}`)).toContain(searchText(two))
    }),
  )
})

test('case never matters', () => {
  fc.assert(
    fc.property(words, (word) => {
      expect(searchText(word.toUpperCase())).toBe(searchText(word))
    }),
  )
})

test('what is asked for is always one of the kept spellings', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(['', ...searchForms(text)]).toContain(searchText(text))
    }),
  )
})

test('lines hold no empty line and each spelling once', () => {
  expect(searchLines(['Dune', null, 'DUNE', '', 'Дюна'])).toBe('\ndune\ndiuna\n')
  expect(searchLines([undefined, ' '])).toBe('')
})

test('patterns take their own signs for themselves, and come longest first', () => {
  expect(searchTerms('50% of_it')).toMatchObject({
    phrase: '50% of_it',
    patterns: ['%of\\_it%', '%50\\%%'],
    prefix: '50\\% of\\_it',
  })
  expect(searchTerms('ь')).toBeUndefined()
})
