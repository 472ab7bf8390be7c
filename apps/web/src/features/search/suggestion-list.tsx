import { useTranslation } from 'react-i18next'

import { Poster } from '#ui/poster.tsx'
import type { Hit } from './hits.ts'
import style from './search-box.module.css'

type Props = { id: string; hits: Hit[]; active: number; onPick: (hit: Hit) => void }

export const SuggestionList = ({ id, hits, active, onPick }: Props) => {
  const { t } = useTranslation('search')
  return (
    <div id={id} role="listbox" aria-label={t('suggestions')} className={style.list}>
      {hits.map((hit, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are the field's, which keeps the focus
        <div
          key={hit.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={style.hit}
          onClick={() => onPick(hit)}
        >
          {hit.kind === 'film' ? (
            <>
              <span className={style.poster}>
                <Poster id={hit.id} title="" url={hit.poster_url} />
              </span>
              <span className={style.name}>{hit.name}</span>
              <span className={style.year}>{hit.year}</span>
            </>
          ) : (
            <>
              <span className={style.name}>{hit.name}</span>
              <span className={style.year}>{t('person')}</span>
            </>
          )}
        </div>
      ))}
    </div>
  )
}
