import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { capitalized } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { formatStamp } from '../format-stamp.ts'
import { exportPayments, METHODS, PAYMENT_STATES, paymentsQuery } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { PaymentState } from './sale-state.tsx'
import { SalesList, useSalesSearch, useStates } from './sales-list.tsx'

export const PaymentsPage = () => {
  const { t } = useTranslation(['sales', 'desk'])
  const language = useLanguage()
  const methodName = (method: (typeof METHODS)[number]) => capitalized(t(`desk:method.${method}`))
  const states = useStates(PAYMENT_STATES, (status) => t(`sales:payment_state.${status}`))
  return (
    <SalesList
      name="payments"
      query={useInfiniteQuery(paymentsQuery(useSalesSearch()))}
      read={exportPayments}
      byReference
      choices={[
        states,
        { name: 'method', label: t('sales:column.method'), options: METHODS.map((method) => [method, methodName(method)]) },
      ]}
      columns={[
        {
          head: t('sales:column.order'),
          render: ({ id, order_id, order_reference, provider_reference }) => (
            <>
              <OrderLink id={order_id} reference={order_reference} isRow />
              <small>
                {t('sales:payment', { id })}
                {provider_reference !== null && ` · ${provider_reference}`}
              </small>
            </>
          ),
        },
        { head: t('sales:column.made'), look: 'number', render: ({ created_at }) => formatStamp(language, created_at) },
        { head: t('sales:column.method'), render: ({ method }) => methodName(method) },
        { head: t('sales:column.amount'), look: 'number', render: ({ amount, currency }) => money(amount, currency) },
        {
          head: t('sales:column.refunded'),
          look: 'number',
          isNone: ({ refunded }) => refunded === 0,
          render: ({ refunded, currency }) => (refunded === 0 ? '–' : t('sales:back', { amount: money(refunded, currency) })),
        },
        {
          head: t('sales:column.state'),
          render: ({ status, failure_code }) => <PaymentState status={status} failure={failure_code} />,
        },
      ]}
    />
  )
}
