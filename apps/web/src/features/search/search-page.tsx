import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Film } from '#features/films/api.ts'
import { FilmFacts } from '#features/films/film-facts.tsx'
import { filmSlug, titleOf } from '#features/films/words.ts'
import { useLanguage } from '#lib/use-language.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import { Empty } from '#ui/empty.tsx'
import { Poster } from '#ui/poster.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { foundQuery } from './api.ts'
import style from './search-page.module.css'
import { useSettled } from './use-settled.ts'

const route = getRouteApi('/search')

const Found = ({ films }: { films: Film[] }) => {
  const language = useLanguage()
  return (
    <ul className={style.grid}>
      {films.map((film) => (
        <li key={film.id}>
          <Link to="/films/$film" params={{ film: filmSlug(film) }} className={style.film}>
            <Poster id={film.id} title={titleOf(film, language)} url={film.poster_url} />
            <h2>{titleOf(film, language)}</h2>
          </Link>
          <FilmFacts film={film} />
        </li>
      ))}
    </ul>
  )
}

/** The address follows what is typed, so that a search can be shared; going back leaves the page, not a letter. */
const useQueryInAddress = () => {
  const { q = '' } = route.useSearch()
  const navigate = useNavigate({ from: '/search' })
  const [typed, setTyped] = useState(q)
  const settled = useSettled(typed).trim()
  useEffect(() => setTyped(q), [q])
  useEffect(() => {
    if (settled !== q) void navigate({ search: settled === '' ? {} : { q: settled }, replace: true })
    // oxlint-disable-next-line react/exhaustive-deps -- only typing moves the address
  }, [settled])
  return { q, typed, setTyped }
}

export const SearchPage = () => {
  const { t } = useTranslation(['search', 'common'])
  const { q, typed, setTyped } = useQueryInAddress()
  const { data, error, refetch, isFetching } = useQuery(foundQuery(q))
  const films = q === '' ? [] : (data?.items ?? [])
  return (
    <div className={`page ${style.page}`}>
      <title>{`${q === '' ? t('title') : q} · Marquee`}</title>
      <h1>{t('title')}</h1>
      <label className={style.field}>
        <span className="unseen">{t('label')}</span>
        <input
          type="search"
          value={typed}
          placeholder={t('placeholder')}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <p role="status" className={style.count}>
        {films.length > 0 && !isFetching ? t('found', { count: data?.total ?? films.length }) : ''}
      </p>
      {error !== null && q !== '' && <SectionProblem error={error} retry={() => void refetch()} />}
      {films.length > 0 && <Found films={films} />}
      {q !== '' && data && !isFetching && films.length === 0 && (
        <Empty title={t('nothing', { q })} hint={t('nothing_hint')}>
          <ButtonLink to="/" size="md">
            {t('common:missing.films')}
          </ButtonLink>
        </Empty>
      )}
    </div>
  )
}
