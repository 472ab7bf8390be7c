import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { useLanguage } from '#lib/use-language.ts'
import { formatStamp } from '../format-stamp.ts'
import { exportReceipts, PAPERS, receiptsQuery } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { ReceiptSave } from './receipt-save.tsx'
import { SalesList, useSalesSearch } from './sales-list.tsx'

export const ReceiptsPage = () => {
  const { t } = useTranslation('sales')
  const language = useLanguage()
  return (
    <SalesList
      name="receipts"
      query={useInfiniteQuery(receiptsQuery(useSalesSearch()))}
      read={exportReceipts}
      choices={[{ name: 'kind', label: t('column.kind'), options: PAPERS.map((kind) => [kind, t(`paper.${kind}`)]) }]}
      columns={[
        {
          head: t('column.paper'),
          render: ({ label, kind }) => (
            <>
              {label}
              <small>{t(`paper.${kind}`)}</small>
            </>
          ),
        },
        { head: t('column.issued'), look: 'number', render: ({ issued_at }) => formatStamp(language, issued_at) },
        {
          head: t('column.order'),
          render: ({ order_id, order_reference }) => <OrderLink id={order_id} reference={order_reference} isRow />,
        },
        {
          head: t('column.amount'),
          look: 'number',
          render: ({ kind, amount, currency }) => money(kind === 'credit_note' ? -amount : amount, currency),
        },
        { head: 'PDF', render: (receipt) => <ReceiptSave receipt={receipt} /> },
      ]}
    />
  )
}
