import { useQueries, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { filmQuery } from '#features/films/api.ts'
import { titleOf } from '#features/films/words.ts'
import { foundQuery } from '#features/search/api.ts'
import { useSettled } from '#features/search/use-settled.ts'
import { useLanguage } from '#lib/use-language.ts'
import { Field } from '#ui/field.tsx'
import desk from '../desk.module.css'

type Props = { chosen: readonly number[]; error: string | undefined; onChange: (chosen: number[]) => void }

/** What they are called; of one that is gone only its number is known. */
const useTitles = (ids: readonly number[]) => {
  const { t } = useTranslation('promotions')
  const language = useLanguage()
  const asked = useQueries({ queries: ids.map((id) => filmQuery(id)) })
  return ids.map((id, at): [number, string] => {
    const film = asked[at]?.data
    return [id, film ? titleOf(film, language) : t('film.number', { id })]
  })
}

/** Films among many: they are looked for by name, and the chosen ones stand above. */
export const FilmSet = ({ chosen, error, onChange }: Props) => {
  const { t } = useTranslation('promotions')
  const language = useLanguage()
  const id = useId()
  const [text, setText] = useState('')
  const settled = useSettled(text.trim())
  const { data } = useQuery(foundQuery(settled))
  const found = settled === '' ? undefined : data?.items.filter((film) => !chosen.includes(film.id))
  const titles = useTitles(chosen)
  const add = (film_id: number | undefined) => {
    if (film_id === undefined) return
    onChange([...chosen, film_id])
    setText('')
  }
  return (
    <div className={desk.answer}>
      <fieldset className={desk.boxes} aria-describedby={error === undefined ? undefined : id}>
        <legend>{t('field.films')}</legend>
        <div>
          {titles.length === 0 && <p>{t('film.any')}</p>}
          {titles.map(([film_id, title]) => (
            <button
              key={film_id}
              type="button"
              aria-label={t('film.remove', { title })}
              onClick={() => onChange(chosen.filter((one) => one !== film_id))}
            >
              {title} <span aria-hidden="true">×</span>
            </button>
          ))}
        </div>
        {error !== undefined && (
          <p id={id} className={desk.error}>
            {error}
          </p>
        )}
      </fieldset>
      <Field
        label={t('film.find')}
        type="search"
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          // It chooses; the form is saved by its button.
          event.preventDefault()
          add(found?.[0]?.id)
        }}
      />
      <div className={desk.boxes}>
        <p role="status">{found?.length === 0 && t('film.none')}</p>
        <div>
          {found?.map((film) => (
            <button
              key={film.id}
              type="button"
              aria-label={t('film.add', { title: titleOf(film, language) })}
              onClick={() => add(film.id)}
            >
              + {titleOf(film, language)}
            </button>
          ))}
        </div>
      </div>
    </div>
  )
}
