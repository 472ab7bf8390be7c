import { Link } from '@tanstack/react-router'

import { useLanguage } from '#lib/use-language.ts'
import { Poster } from '#ui/poster.tsx'
import style from './film-card.module.css'
import { FilmFacts } from './film-facts.tsx'
import type { Screening } from './filters.ts'
import { ShowingChip } from './showing-chip.tsx'
import { filmSlug, storyOf, titleOf } from './words.ts'

type Props = { screening: Screening; timezone: string; eager?: boolean | 'first'; label?: string | undefined }

/** A film and when it is shown; with a label it takes the whole stage. */
export const FilmCard = ({ screening: { film, film_id, title, showings }, timezone, eager = false, label }: Props) => {
  const language = useLanguage()
  const name = film ? titleOf(film, language) : title
  const film_slug = filmSlug({ id: film_id, title: film?.title ?? title })
  const stage = label !== undefined
  return (
    <article className={stage ? style.stage : style.card}>
      <Link to="/films/$film" params={{ film: film_slug }} className={style.picture} tabIndex={-1} aria-hidden="true">
        <Poster id={film_id} title={name} url={film?.poster_url ?? null} eager={eager} />
      </Link>
      <div className={style.words}>
        {stage && <p className={style.label}>{label}</p>}
        <h2 className={style.title}>
          <Link to="/films/$film" params={{ film: film_slug }}>
            {name}
          </Link>
        </h2>
        {film && <FilmFacts film={film} />}
        {stage && film && <p className={style.story}>{storyOf(film, language)}</p>}
      </div>
      <ul className={style.showings}>
        {showings.map((showing) => (
          <li key={showing.id}>
            <ShowingChip showing={showing} timezone={timezone} />
          </li>
        ))}
      </ul>
    </article>
  )
}
