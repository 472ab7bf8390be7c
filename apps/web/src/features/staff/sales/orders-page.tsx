import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { useLanguage } from '#lib/use-language.ts'
import { formatStamp } from '../format-stamp.ts'
import { exportOrders, ORDER_STATES, ordersQuery } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { OrderState } from './sale-state.tsx'
import { SalesList, useSalesSearch, useStates } from './sales-list.tsx'

export const OrdersPage = () => {
  const { t } = useTranslation('sales')
  const language = useLanguage()
  const states = useStates(ORDER_STATES, (status) => t(`order_state.${status}`))
  return (
    <SalesList
      name="orders"
      query={useInfiniteQuery(ordersQuery(useSalesSearch()))}
      read={exportOrders}
      byReference
      choices={[states]}
      columns={[
        {
          head: t('column.order'),
          render: ({ id, reference, email }) => (
            <>
              <OrderLink id={id} reference={reference} isRow />
              <small>{email ?? t('no_email')}</small>
            </>
          ),
        },
        { head: t('column.made'), look: 'number', render: ({ created_at }) => formatStamp(language, created_at) },
        { head: t('column.tickets'), look: 'tabular', render: ({ tickets }) => t('tickets', { count: tickets }) },
        { head: t('column.total'), look: 'number', render: ({ total, currency }) => money(total, currency) },
        { head: t('column.state'), render: ({ status }) => <OrderState status={status} /> },
      ]}
    />
  )
}
