import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { capitalized } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { CsvButton } from '../csv-button.tsx'
import desk from '../desk.module.css'
import { formatStamp } from '../format-stamp.ts'
import { LoadedList } from '../loaded-list.tsx'
import style from '../staff.module.css'
import { exportPayments, METHODS, PAYMENT_STATES, paymentsQuery, type SalePayment, type SalesSearch } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { PaymentState } from './sale-state.tsx'
import { NothingFound, SalesFilters } from './sales-filters.tsx'
import { SalesFrame } from './sales-frame.tsx'

const PaymentTable = ({ payments }: { payments: SalePayment[] }) => {
  const { t } = useTranslation(['sales', 'desk'])
  const language = useLanguage()
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{t('sales:column.order')}</th>
          <th scope="col">{t('sales:column.made')}</th>
          <th scope="col">{t('sales:column.method')}</th>
          <th scope="col">{t('sales:column.amount')}</th>
          <th scope="col">{t('sales:column.refunded')}</th>
          <th scope="col">{t('sales:column.state')}</th>
        </tr>
      </thead>
      <tbody>
        {payments.map((payment) => (
          <tr key={payment.id}>
            <th scope="row">
              <OrderLink id={payment.order_id} reference={payment.order_reference} isRow />
              <small>
                {t('sales:payment', { id: payment.id })}
                {payment.provider_reference !== null && ` · ${payment.provider_reference}`}
              </small>
            </th>
            <td className={desk.number}>{formatStamp(language, payment.created_at)}</td>
            <td>{capitalized(t(`desk:method.${payment.method}`))}</td>
            <td className={desk.number}>{money(payment.amount, payment.currency)}</td>
            <td className={desk.number} data-none={payment.refunded === 0}>
              {payment.refunded === 0 ? '–' : t('sales:back', { amount: money(payment.refunded, payment.currency) })}
            </td>
            <td>
              <PaymentState status={payment.status} failure={payment.failure_code} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export const PaymentsPage = () => {
  const { t } = useTranslation(['sales', 'desk'])
  const search: SalesSearch = useSearch({ from: '/staff/sales/payments' })
  const navigate = useNavigate({ from: '/staff/sales/payments' })
  const query = useInfiniteQuery(paymentsQuery(search))
  return (
    <SalesFrame name="payments" action={<CsvButton name="payments" read={() => exportPayments(search)} />}>
      <SalesFilters
        search={search}
        byReference
        choices={[
          {
            name: 'status',
            label: t('sales:column.state'),
            options: PAYMENT_STATES.map((status) => [status, t(`sales:payment_state.${status}`)]),
          },
          {
            name: 'method',
            label: t('sales:column.method'),
            options: METHODS.map((method) => [method, capitalized(t(`desk:method.${method}`))]),
          },
        ]}
        change={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })}
      />
      <LoadedList
        query={query}
        empty={<NothingFound search={search} onReset={() => void navigate({ search: {}, replace: true })} />}
      >
        {(payments) => <PaymentTable payments={payments} />}
      </LoadedList>
    </SalesFrame>
  )
}
