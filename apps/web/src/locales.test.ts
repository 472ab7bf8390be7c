import { readdirSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { LANGUAGES } from '#lib/language.ts'

const folder = new URL('locales/', import.meta.url)
const PLURAL = /_(zero|one|two|few|many|other)$/

const flat = (texts: object, path = ''): [key: string, text: string][] =>
  Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? flat(value, `${path}${key}.`) : [[`${path}${key}`, String(value)]],
  )

const read = (language: string, file: string) =>
  flat(JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), 'utf8')) as object)

const files = readdirSync(new URL('en/', folder))
const stems = (texts: [string, string][]) => [...new Set(texts.map(([key]) => key.replace(PLURAL, '')))].toSorted()
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name ?? '').toSorted()

test.for(files)('every text of %s is said in all three languages, with the same values in it', (file) => {
  const english = new Map(read('en', file).map(([key, text]) => [key.replace(PLURAL, ''), holes(text)]))
  for (const language of LANGUAGES) {
    const texts = read(language, file)
    expect.soft(stems(texts), language).toEqual([...english.keys()].toSorted())
    for (const [key, text] of texts) {
      expect.soft(text.trim(), `${language} ${key}`).not.toBe('')
    }
    const plain = texts.filter(([key]) => !PLURAL.test(key))
    for (const [key, text] of plain) expect.soft(holes(text), `${language} ${key}`).toEqual(english.get(key))
  }
})

test.for(files)('numbers in %s have every form that the grammar of the language asks for', (file) => {
  for (const language of LANGUAGES) {
    const keys = read(language, file).map(([key]) => key)
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const counted = new Set(keys.filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, '')))
    for (const stem of counted) for (const form of wanted) expect.soft(keys, language).toContain(`${stem}_${form}`)
  }
})
