import type { Language } from '#lib/language.ts'
import { slugOf } from '#lib/slug.ts'
import type { Film } from './api.ts'

type Translated = Pick<Film, 'title' | 'description' | 'translations'>

/** What the film is called in the language of the page; its own title where nobody translated it. */
export const titleOf = ({ title, translations }: Pick<Translated, 'title' | 'translations'>, language: Language): string =>
  translations[language]?.title ?? title

export const storyOf = ({ description, translations }: Translated, language: Language): string =>
  translations[language]?.description ?? description

/** Addresses keep one form in every language, so that a shared link stays the same. */
export const filmSlug = ({ id, title }: Pick<Film, 'id' | 'title'>): string => slugOf(id, title)
