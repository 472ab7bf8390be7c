export const LANGUAGES = ['uk', 'ru', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const isLanguage = (value: unknown): value is Language => LANGUAGES.includes(value as Language)

type Visitor = { cookie: string; languages: readonly string[]; timeZone: string }

const COOKIE = /(?:^|;\s*)marquee_lang=(\w\w)(?:;|$)/

/** What was chosen before; else Ukrainian in Ukraine; else the first language of the browser that we speak. */
export const chooseLanguage = ({ cookie, languages, timeZone }: Visitor): Language => {
  const saved = COOKIE.exec(cookie)?.[1]
  if (isLanguage(saved)) return saved
  const atHome = ['Europe/Kyiv', 'Europe/Kiev'].includes(timeZone) || languages.some((tag) => /-UA\b/i.test(tag))
  if (atHome) return 'uk'
  return languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

export const rememberLanguage = (language: Language) => {
  document.cookie = `marquee_lang=${language}; path=/; max-age=31536000; samesite=lax`
}
