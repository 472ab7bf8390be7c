import { useTranslation } from 'react-i18next'

import { useNow } from '#lib/use-now.ts'
import style from '../staff.module.css'
import type { Promotion } from './api.ts'

const TONES = { running: 'active', coming: 'waiting', spent: 'inactive', over: 'over', stopped: 'over' } as const

const stateOf = ({ is_active, starts_at, ends_at, limit_total, budget, used }: Promotion, now: number): keyof typeof TONES => {
  if (!is_active) return 'stopped'
  if (ends_at !== null && Date.parse(ends_at) <= now) return 'over'
  if (starts_at !== null && Date.parse(starts_at) > now) return 'coming'
  const uses = used.confirmed + used.reserved
  return (limit_total !== null && uses >= limit_total) || (budget !== null && used.amount >= budget) ? 'spent' : 'running'
}

export const PromotionState = ({ promotion }: { promotion: Promotion }) => {
  const { t } = useTranslation('promotions')
  const state = stateOf(promotion, useNow())
  return (
    <span className={style.state} data-state={TONES[state]}>
      {t(`state.${state}`)}
    </span>
  )
}
