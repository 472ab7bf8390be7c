import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { SectionProblem } from '#ui/section-problem.tsx'
import { type Cinema, hallsQuery } from './api.ts'
import style from './halls.module.css'

const COMFORTS = ['step_free', 'hearing_loop', 'wheelchair_places'] as const

/** An ordinary screen needs no mention. */
const screenOf = (type: string) => (type === 'standard' ? '' : type.toUpperCase())

/** The rooms of a cinema: how large, what screen and sound, and who can get in. */
export const Halls = ({ cinema }: { cinema: Cinema }) => {
  const { t } = useTranslation('cinemas')
  const { data: halls, error, refetch } = useQuery(hallsQuery(cinema.id))
  return (
    <section aria-labelledby="halls" className={style.section}>
      <h2 id="halls">{t('halls')}</h2>
      {error !== null && <SectionProblem error={error} retry={() => void refetch()} />}
      <ul className={style.list}>
        {halls?.map((hall) => (
          <li key={hall.id}>
            <h3>{hall.name}</h3>
            <p>
              {[t('seats', { count: hall.total_seats }), screenOf(hall.screen_type), hall.sound_system]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <ul className={style.comforts}>
              {COMFORTS.filter((comfort) => hall.accessibility[comfort] === true).map((comfort) => (
                <li key={comfort}>{t(`comfort.${comfort}`)}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}
