import { useTranslation } from 'react-i18next'

import type { AdminUser } from './api.ts'
import style from './staff.module.css'

/** Whoever has never been active waits for the link in the mail; anybody else was blocked, or has left. */
export const stateOf = ({ is_active, activated_at }: AdminUser) => {
  if (is_active) return 'active'
  return activated_at === null ? 'waiting' : 'inactive'
}

const MARKS = { active: '●', waiting: '◌', inactive: '×' } as const

export const AccountState = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const state = stateOf(user)
  return (
    <span className={style.state} data-state={state}>
      <span aria-hidden="true">{MARKS[state]}</span> {t(`state.${state}`)}
    </span>
  )
}
