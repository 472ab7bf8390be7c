import { useTranslation } from 'react-i18next'

import { formatLength, formatRating } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import type { Film } from './api.ts'
import style from './film-facts.module.css'
import { useGenreName } from './use-genre-name.ts'

/** Age, length, genres, rating: one quiet line under a title. */
export const FilmFacts = ({ film, genres = 2 }: { film: Film; genres?: number }) => {
  const { t } = useTranslation('films')
  const language = useLanguage()
  const genreName = useGenreName()
  return (
    <p className={style.facts}>
      {film.certification !== null && <span className={style.age}>{film.certification.name}</span>}
      {film.rating !== null && (
        <span className={style.rating}>
          <span aria-hidden="true">★ </span>
          <span className="unseen">{t('rating')} </span>
          {formatRating(language, film.rating)}
        </span>
      )}
      <span>{formatLength(language, film.duration_minutes)}</span>
      {film.genres.length > 0 && <span>{film.genres.slice(0, genres).map(genreName).join(', ')}</span>}
    </p>
  )
}
