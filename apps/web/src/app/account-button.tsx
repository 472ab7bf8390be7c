import { IconUser } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useSeemsStaff } from '#features/account/session.ts'
import { closePopover, Popover } from '#ui/popover.tsx'
import style from './language-menu.module.css'

const ICON = 22
const icon = <IconUser size={ICON} aria-hidden="true" />

/** One tap to the tickets; whoever works here chooses between them and the work. */
export const AccountButton = () => {
  const { t } = useTranslation()
  const staff = useSeemsStaff()
  if (!staff)
    return (
      <Link to="/account" className="icon-button" aria-label={t('header.account')} title={t('header.account')}>
        {icon}
      </Link>
    )
  return (
    <Popover label={t('header.menu')} className="icon-button" face={icon}>
      <ul className={style.list}>
        {(['/staff', '/account'] as const).map((to) => (
          <li key={to}>
            <Link to={to} className={style.choice} onClick={(event) => closePopover(event.currentTarget)}>
              {t(to === '/staff' ? 'header.staff' : 'header.account')}
            </Link>
          </li>
        ))}
      </ul>
    </Popover>
  )
}
