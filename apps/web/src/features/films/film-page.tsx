import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { capitalized, formatLength, formatRating } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { Poster } from '#ui/poster.tsx'
import { type Film, filmQuery } from './api.ts'
import style from './film-page.module.css'
import { FilmShowings } from './film-showings.tsx'
import { Reviews } from './reviews.tsx'
import { Trailer } from './trailer.tsx'
import { useGenreName } from './use-genre-name.ts'
import { storyOf, titleOf } from './words.ts'

const route = getRouteApi('/films/$film')

const Facts = ({ film }: { film: Film }) => {
  const { t } = useTranslation(['films', 'film'])
  const language = useLanguage()
  const genreName = useGenreName()
  const facts: [string, string | null | undefined][] = [
    [t('film:length'), formatLength(language, film.duration_minutes)],
    [t('film:genres'), capitalized(film.genres.map(genreName).join(', '))],
    [t('film:year'), film.release_year === null ? null : String(film.release_year)],
    [t('film:director'), film.director],
    [t('film:cast'), film.cast.join(', ')],
  ]
  return (
    <dl className={style.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

const Marks = ({ film }: { film: Film }) => {
  const { t } = useTranslation(['films', 'film'])
  const language = useLanguage()
  return (
    <p className={style.marks}>
      {film.certification !== null && (
        <span className={style.age} title={t('film:age', { age: film.certification.min_age })}>
          {film.certification.name}
        </span>
      )}
      {film.rating !== null && (
        <a href="#reviews" className={style.rating}>
          <span aria-hidden="true">★</span>
          <span className="unseen">{t('films:rating')}</span> {formatRating(language, film.rating)}
          <small> {t('film:of_ten')}</small>
        </a>
      )}
    </p>
  )
}

export const FilmPage = () => {
  const language = useLanguage()
  const { id, reviewsAtFirst } = route.useLoaderData()
  const { data: film } = useSuspenseQuery(filmQuery(id))
  const title = titleOf(film, language)
  const original = film.original_title ?? film.title
  return (
    <>
      <title>{`${title} · Marquee`}</title>
      <article>
        <div className={style.hero}>
          <div className={`page ${style.opening}`}>
            <div className={style.picture}>
              <Poster id={film.id} title={title} url={film.poster_url} eager="first" />
            </div>
            <div className={style.words}>
              <div>
                <h1 className={style.title}>{title}</h1>
                {original !== title && <p className={style.original}>{original}</p>}
              </div>
              <Marks film={film} />
              <p className={style.story}>{storyOf(film, language)}</p>
              {film.trailer_url !== null && <Trailer title={title} url={film.trailer_url} />}
              <Facts film={film} />
            </div>
          </div>
        </div>
        <div className={`page ${style.sections}`}>
          <FilmShowings id={film.id} />
          <Reviews id={film.id} rating={film.rating} atFirst={reviewsAtFirst} />
        </div>
      </article>
    </>
  )
}
