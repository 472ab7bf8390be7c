import { useQuery } from '@tanstack/react-query'

import { useLanguage } from '#lib/use-language.ts'
import { filmQuery } from './api.ts'
import { titleOf } from './words.ts'

/** What a session knows of its film. Without a network its own title has to do. */
export type FilmOfSession = { movie_id: number; movie_title: string }

export const useFilmTitle = (session: FilmOfSession | undefined): string => {
  const language = useLanguage()
  const { data } = useQuery({ ...filmQuery(session?.movie_id ?? 0), enabled: session !== undefined })
  return data ? titleOf(data, language) : (session?.movie_title ?? '')
}

/** The film of a session, in the language of the page. */
export const FilmTitle = ({ of: session }: { of: FilmOfSession }) => useFilmTitle(session)
