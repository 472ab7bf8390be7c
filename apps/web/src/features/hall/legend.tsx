import { memo } from 'react'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import style from './legend.module.css'
import { PITCH, type HallPlan } from './plan.ts'
import { SeatShape } from './seat-shape.tsx'
import type { SeatLook } from './seat-store.ts'
import seatStyle from './seat.module.css'
import type { SeatType } from './types.ts'

const TYPES: SeatType[] = ['standard', 'premium', 'vip', 'sofa', 'wheelchair', 'companion']
const STATES = ['mine', 'held', 'sold'] as const

const Swatch = ({ type, look }: { type: SeatType; look: SeatLook }) => (
  <svg width="26" height="26" viewBox={`${-PITCH / 2 - 4} ${-PITCH / 2 - 4} ${PITCH + 8} ${PITCH + 8}`} aria-hidden="true">
    <g className={seatStyle.seat} data-look={look} data-type={type}>
      <SeatShape
        seat={{ seat_type: type, seat_number: 0, width: type === 'vip' || type === 'wheelchair' ? 44 : 34, height: 34 }}
        look={look}
        numbered={false}
      />
    </g>
  </svg>
)

/** What each shape means and what it costs; only kinds that this hall has. */
export const Legend = memo(({ plan, currency, brief = false }: { plan: HallPlan; currency: string; brief?: boolean }) => {
  const { t } = useTranslation('hall')
  const prices = new Map([...plan.seats.values()].map(({ seat_type, price }) => [seat_type, price]))
  return (
    <ul className={style.legend} aria-label={t('legend.title')} data-brief={brief}>
      {TYPES.filter((type) => prices.has(type) && !(brief && type === 'companion')).map((type) => (
        <li key={type}>
          <Swatch type={type} look="free" />
          {!brief && <span>{t(`legend.${type}`)}</span>} <b>{money(prices.get(type) ?? 0, currency)}</b>
        </li>
      ))}
      {(brief ? [] : STATES).map((look) => (
        <li key={look}>
          <Swatch type="standard" look={look} />
          <span>{t(`legend.${look}`)}</span>
        </li>
      ))}
    </ul>
  )
})
Legend.displayName = 'Legend'
