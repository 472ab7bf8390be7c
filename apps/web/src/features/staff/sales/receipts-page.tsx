import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { useLanguage } from '#lib/use-language.ts'
import desk from '../desk.module.css'
import { formatStamp } from '../format-stamp.ts'
import { LoadedList } from '../loaded-list.tsx'
import style from '../staff.module.css'
import { PAPERS, type Receipt, receiptsQuery, type SalesSearch } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { ReceiptSave } from './receipt-save.tsx'
import { NothingFound, SalesFilters } from './sales-filters.tsx'
import { SalesFrame } from './sales-frame.tsx'

const ReceiptTable = ({ receipts }: { receipts: Receipt[] }) => {
  const { t } = useTranslation('sales')
  const language = useLanguage()
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{t('column.paper')}</th>
          <th scope="col">{t('column.issued')}</th>
          <th scope="col">{t('column.order')}</th>
          <th scope="col">{t('column.amount')}</th>
          <th scope="col">PDF</th>
        </tr>
      </thead>
      <tbody>
        {receipts.map((receipt) => (
          <tr key={receipt.id}>
            <th scope="row">
              {receipt.label}
              <small>{t(`paper.${receipt.kind}`)}</small>
            </th>
            <td className="tabular">{formatStamp(language, receipt.issued_at)}</td>
            <td>
              <OrderLink id={receipt.order_id} reference={receipt.order_reference} isRow />
            </td>
            <td className={desk.number}>
              {money(receipt.kind === 'credit_note' ? -receipt.amount : receipt.amount, receipt.currency)}
            </td>
            <td>
              <ReceiptSave receipt={receipt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export const ReceiptsPage = () => {
  const { t } = useTranslation('sales')
  const search: SalesSearch = useSearch({ from: '/staff/sales/receipts' })
  const navigate = useNavigate({ from: '/staff/sales/receipts' })
  const query = useInfiniteQuery(receiptsQuery(search))
  return (
    <SalesFrame name="receipts">
      <SalesFilters
        search={search}
        choices={[{ name: 'kind', label: t('column.kind'), options: PAPERS.map((kind) => [kind, t(`paper.${kind}`)]) }]}
        change={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })}
      />
      <LoadedList
        query={query}
        empty={<NothingFound search={search} onReset={() => void navigate({ search: {}, replace: true })} />}
      >
        {(receipts) => <ReceiptTable receipts={receipts} />}
      </LoadedList>
    </SalesFrame>
  )
}
