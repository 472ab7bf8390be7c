import { readFileSync } from 'node:fs'

import { createInstance } from 'i18next'

export const locales = ['uk', 'ru', 'en'] as const
export type Locale = (typeof locales)[number]

const read = (locale: Locale) =>
  JSON.parse(readFileSync(new URL(`../../locales/${locale}.json`, import.meta.url), 'utf8')) as Record<string, string>

export const dictionaries = Object.fromEntries(locales.map((locale) => [locale, read(locale)])) as Record<
  Locale,
  Record<string, string>
>

const instance = createInstance()
await instance.init({
  resources: Object.fromEntries(locales.map((locale) => [locale, { translation: dictionaries[locale] }])),
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
})

/** The sentence for a key in one language; plurals by `count`. */
export const translator = (locale: Locale) => instance.getFixedT(locale)
