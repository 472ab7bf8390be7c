import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { capitalized } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { DeskRefusal } from '../desk-refusal.tsx'
import { formatStamp } from '../format-stamp.ts'
import { RefundReason, RefundState } from '../refund-state.tsx'
import { useWork } from '../use-work.ts'
import { exportRefunds, REFUND_STATES, type Refund, refundsQuery, retryRefund } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { SalesList, useSalesSearch, useStates } from './sales-list.tsx'

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

const isRefused = ({ status }: Refund) => status === 'failed'

export const RefundsPage = () => {
  const { t } = useTranslation(['sales', 'desk'])
  const language = useLanguage()
  const states = useStates(REFUND_STATES, (status) => t(`desk:refund.${status}`))
  return (
    <SalesList
      name="refunds"
      query={useInfiniteQuery(refundsQuery(useSalesSearch()))}
      read={exportRefunds}
      choices={[states]}
      columns={[
        {
          head: t('sales:column.order'),
          render: (refund) => (
            <>
              <OrderLink id={refund.order_id} reference={refund.order_reference} isRow />
              <small>
                <RefundReason of={refund} />
              </small>
            </>
          ),
        },
        { head: t('sales:column.made'), look: 'number', render: ({ created_at }) => formatStamp(language, created_at) },
        { head: t('sales:column.method'), render: ({ method }) => capitalized(t(`desk:method.${method as 'card'}`)) },
        { head: t('sales:column.amount'), look: 'number', render: ({ amount, currency }) => money(amount, currency) },
        {
          head: t('sales:column.state'),
          render: ({ status, failure_code }) => <RefundState status={status} failure={failure_code} />,
        },
        {
          head: t('sales:column.action'),
          isNone: (refund) => !isRefused(refund),
          render: (refund) => isRefused(refund) && <Retry refund={refund} />,
        },
      ]}
    />
  )
}
