import { IconAlertTriangle, IconCheck, IconClock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { Order } from './api.ts'
import { money } from './money.ts'
import style from './order-page.module.css'

const ICONS = { pending: IconClock, success: IconCheck, failed: IconAlertTriangle }

/** How far each refund is, and what to do about one that did not arrive. */
export const Refunds = ({ order }: { order: Order }) => {
  const { t } = useTranslation('orders')
  if (order.refunds.length === 0) return null
  return (
    <section className={style.section} aria-labelledby="refunds">
      <h2 id="refunds">{t('refunds.title')}</h2>
      {order.refunds.map(({ id, status, amount }) => {
        const Icon = ICONS[status]
        return (
          <p key={id} className={style.state} data-status={status}>
            <Icon size={20} aria-hidden />
            <span>{t(`refunds.${status}`, { amount: money(amount, order.currency) })}</span>
          </p>
        )
      })}
    </section>
  )
}
