import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useUser } from '#features/account/session.ts'
import { cinemasQuery } from '#features/cinemas/api.ts'
import { useAccess } from './access.ts'
import { SECTIONS } from './sections.ts'
import style from './staff.module.css'

const usePlaces = (ids: number[] | null) => {
  const { t } = useTranslation('staff')
  const { data: cinemas = [] } = useQuery(cinemasQuery)
  if (ids === null) return t('overview.everywhere')
  if (ids.length === 0) return t('overview.nowhere')
  return ids.map((id) => cinemas.find((cinema) => cinema.id === id)?.name ?? `№ ${id}`).join(', ')
}

/** Who I am here, where I work, and where to go from here. */
export const OverviewPage = () => {
  const { t } = useTranslation('staff')
  const access = useAccess()
  const user = useUser()
  const places = usePlaces(access.cinema_ids)
  const open = SECTIONS.filter(({ permission }) => permission !== undefined && access.permissions.includes(permission))
  return (
    <div className={style.page}>
      <title>{`${t('nav.overview')} · Marquee`}</title>
      <h1>{t('overview.hello', { name: user?.full_name.split(' ')[0] || user?.username })}</h1>
      <dl className={style.facts}>
        <div>
          <dt>{t('overview.role')}</dt>
          <dd>{t(`roles.${access.role}`)}</dd>
        </div>
        <div>
          <dt>{t('overview.places')}</dt>
          <dd>{places}</dd>
        </div>
      </dl>
      {open.length === 0 ? (
        <p className={style.soft}>{t('overview.nothing')}</p>
      ) : (
        <ul className={style.cards}>
          {open.map(({ to, label, about, icon: Icon }) => (
            <li key={to}>
              <Link to={to}>
                <Icon size={24} aria-hidden />
                <b>{t(label)}</b>
                {about !== undefined && <span>{t(about)}</span>}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
