import { useTranslation } from 'react-i18next'

import style from '../staff.module.css'
import type { SaleOrder, SalePayment } from './api.ts'

const TONES = {
  pending: 'waiting',
  paid: 'active',
  success: 'active',
  partially_refunded: 'waiting',
  refunded: 'over',
  canceled: 'over',
  expired: 'over',
  failed: 'inactive',
} as const

export const OrderState = ({ status }: { status: SaleOrder['status'] }) => {
  const { t } = useTranslation('sales')
  return (
    <span className={style.state} data-state={TONES[status]}>
      {t(`order_state.${status}`)}
    </span>
  )
}

export const PaymentState = ({ status, failure }: { status: SalePayment['status']; failure: string | null }) => {
  const { t } = useTranslation('sales')
  return (
    <span className={style.state} data-state={TONES[status]}>
      {t(`payment_state.${status}`)}
      {status === 'failed' && failure !== null && ` (${failure})`}
    </span>
  )
}
