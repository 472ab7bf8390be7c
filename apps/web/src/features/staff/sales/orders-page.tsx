import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { useLanguage } from '#lib/use-language.ts'
import { CsvButton } from '../csv-button.tsx'
import desk from '../desk.module.css'
import { formatStamp } from '../format-stamp.ts'
import { LoadedList } from '../loaded-list.tsx'
import style from '../staff.module.css'
import { exportOrders, ORDER_STATES, ordersQuery, type SaleOrder, type SalesSearch } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { OrderState } from './sale-state.tsx'
import { NothingFound, SalesFilters } from './sales-filters.tsx'
import { SalesFrame } from './sales-frame.tsx'

const OrderTable = ({ orders }: { orders: SaleOrder[] }) => {
  const { t } = useTranslation('sales')
  const language = useLanguage()
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{t('column.order')}</th>
          <th scope="col">{t('column.made')}</th>
          <th scope="col">{t('column.tickets')}</th>
          <th scope="col">{t('column.total')}</th>
          <th scope="col">{t('column.state')}</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.id}>
            <th scope="row">
              <OrderLink id={order.id} reference={order.reference} isRow />
              <small>{order.email ?? t('no_email')}</small>
            </th>
            <td className="tabular">{formatStamp(language, order.created_at)}</td>
            <td className="tabular">{t('tickets', { count: order.tickets })}</td>
            <td className={desk.number}>{money(order.total, order.currency)}</td>
            <td>
              <OrderState status={order.status} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export const OrdersPage = () => {
  const { t } = useTranslation('sales')
  const search: SalesSearch = useSearch({ from: '/staff/sales/orders' })
  const navigate = useNavigate({ from: '/staff/sales/orders' })
  const query = useInfiniteQuery(ordersQuery(search))
  return (
    <SalesFrame name="orders" action={<CsvButton name="orders" read={() => exportOrders(search)} />}>
      <SalesFilters
        search={search}
        byReference
        choices={[
          {
            name: 'status',
            label: t('column.state'),
            options: ORDER_STATES.map((status) => [status, t(`order_state.${status}`)]),
          },
        ]}
        change={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })}
      />
      <LoadedList
        query={query}
        empty={<NothingFound search={search} onReset={() => void navigate({ search: {}, replace: true })} />}
      >
        {(orders) => <OrderTable orders={orders} />}
      </LoadedList>
    </SalesFrame>
  )
}
