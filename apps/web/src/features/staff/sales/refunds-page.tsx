import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { useLanguage } from '#lib/use-language.ts'
import { CsvButton } from '../csv-button.tsx'
import { DeskRefusal } from '../desk-refusal.tsx'
import desk from '../desk.module.css'
import { formatStamp } from '../format-stamp.ts'
import { LoadedList } from '../loaded-list.tsx'
import { RefundState } from '../refund-state.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { exportRefunds, REFUND_STATES, type Refund, refundsQuery, retryRefund, type SalesSearch } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { NothingFound, SalesFilters } from './sales-filters.tsx'
import { SalesFrame } from './sales-frame.tsx'

const Retry = ({ refund }: { refund: Refund }) => {
  const { t } = useTranslation('sales')
  const { busy, error, work } = useWork(['staff', 'sales', 'refunds'])
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        loading={busy}
        aria-label={t('retry_of', { reference: refund.order_reference })}
        onClick={() => void work(() => retryRefund(refund.id), t('retried'))}
      >
        {t('retry')}
      </Button>
      <DeskRefusal error={error} />
    </>
  )
}

const RefundTable = ({ refunds }: { refunds: Refund[] }) => {
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
          <th scope="col">{t('sales:column.state')}</th>
          <th scope="col">{t('sales:column.action')}</th>
        </tr>
      </thead>
      <tbody>
        {refunds.map((refund) => (
          <tr key={refund.id}>
            <th scope="row">
              <OrderLink id={refund.order_id} reference={refund.order_reference} isRow />
              <small>{refund.reason}</small>
            </th>
            <td className="tabular">{formatStamp(language, refund.created_at)}</td>
            <td>{t(`desk:method.${refund.method as 'card'}`)}</td>
            <td className={desk.number}>{money(refund.amount, refund.currency)}</td>
            <td>
              <RefundState status={refund.status} failure={refund.failure_code} />
            </td>
            <td data-none={refund.status !== 'failed'}>{refund.status === 'failed' && <Retry refund={refund} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export const RefundsPage = () => {
  const { t } = useTranslation(['sales', 'desk'])
  const search: SalesSearch = useSearch({ from: '/staff/sales/refunds' })
  const navigate = useNavigate({ from: '/staff/sales/refunds' })
  const query = useInfiniteQuery(refundsQuery(search))
  return (
    <SalesFrame name="refunds" action={<CsvButton name="refunds" read={() => exportRefunds(search)} />}>
      <SalesFilters
        search={search}
        choices={[
          {
            name: 'status',
            label: t('sales:column.state'),
            options: REFUND_STATES.map((status) => [status, t(`desk:refund.${status}`)]),
          },
        ]}
        change={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })}
      />
      <LoadedList
        query={query}
        empty={<NothingFound search={search} onReset={() => void navigate({ search: {}, replace: true })} />}
      >
        {(refunds) => <RefundTable refunds={refunds} />}
      </LoadedList>
    </SalesFrame>
  )
}
