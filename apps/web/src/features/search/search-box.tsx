import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { filmsQuery } from '#features/films/api.ts'
import { useLanguage } from '#lib/use-language.ts'
import { suggestionsQuery } from './api.ts'
import { type Hit, hitsOf } from './hits.ts'
import style from './search-box.module.css'
import { SuggestionList } from './suggestion-list.tsx'
import { useSettled } from './use-settled.ts'

const AT_ONCE = 6

const useHits = (typed: string): { hits: Hit[]; asked: boolean } => {
  const language = useLanguage()
  const settled = useSettled(typed)
  const { data } = useQuery(suggestionsQuery(settled, AT_ONCE))
  const { data: films } = useQuery(filmsQuery)
  const asked = data !== undefined && typed.trim().length > 1
  return { hits: asked ? hitsOf(data, films, language) : [], asked }
}

/** A combobox: it answers while one types, and forgives slips and foreign letters because the server does. */
export const SearchBox = ({ onGone }: { onGone: () => void }) => {
  const { t } = useTranslation('search')
  const navigate = useNavigate()
  const list = useId()
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(-1)
  const { hits, asked } = useHits(typed)

  const go = (hit: Hit | undefined) => {
    const q = hit?.kind === 'person' ? hit.name : typed.trim()
    if (hit?.kind === 'film') void navigate({ to: '/films/$film', params: { film: hit.slug } })
    else if (q !== '') void navigate({ to: '/search', search: { q } })
    else return
    onGone()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || hits.length === 0) return
    event.preventDefault()
    setActive((active + step + hits.length + (active < 0 && step < 0 ? 1 : 0)) % hits.length)
  }
  return (
    <form
      role="search"
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault()
        go(hits[active])
      }}
    >
      <label className={style.field}>
        <IconSearch size={22} aria-hidden="true" />
        <span className="unseen">{t('label')}</span>
        <input
          type="search"
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked for this field
          autoFocus
          placeholder={t('placeholder')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setActive(-1)
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <SuggestionList id={list} hits={hits} active={active} onPick={go} />
      <p role="status" className={style.note}>
        {asked && hits.length === 0 ? t('nothing', { q: typed.trim() }) : ''}
        <span className="unseen">{hits.length > 0 ? t('found', { count: hits.length }) : ''}</span>
      </p>
    </form>
  )
}
