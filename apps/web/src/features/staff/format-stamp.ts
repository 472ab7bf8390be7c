import type { Language } from '#lib/language.ts'

const LOCALES: Record<Language, string> = { uk: 'uk-UA', ru: 'ru-UA', en: 'en-GB' }

/** A moment to the second, by the clock of whoever reads it. */
export const formatStamp = (language: Language, moment: string): string =>
  new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'short', timeStyle: 'medium' }).format(new Date(moment))
