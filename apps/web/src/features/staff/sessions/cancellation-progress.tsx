import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { money } from '#features/orders/money.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from '../access.ts'
import { DeskRefusal } from '../desk-refusal.tsx'
import desk from '../desk.module.css'
import { Figures } from '../figures.tsx'
import { LoadedList } from '../loaded-list.tsx'
import { RefundState } from '../refund-state.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { WaitingRows } from '../waiting-rows.tsx'
import {
  type Cancellation,
  cancellationQuery,
  cancelledOrdersQuery,
  type RefundStatus,
  retryRefunds,
  type Screening,
} from './api.ts'

const STATES: readonly RefundStatus[] = ['pending', 'success', 'failed']

const Retry = ({ of: one, failed }: { of: Screening; failed: number }) => {
  const { t } = useTranslation('desk')
  const { busy, error, work } = useWork(['staff', 'screening'])
  return (
    <>
      <p className={style.note}>{t('progress.refused', { count: failed })}</p>
      <DeskRefusal error={error} />
      <Button loading={busy} onClick={() => void work(() => retryRefunds(one.id), t('progress.retried'))}>
        {t('progress.retry')}
      </Button>
    </>
  )
}

const Sum = ({ of: one, progress }: { of: Screening; progress: Cancellation }) => {
  const { t } = useTranslation('desk')
  const mayRetry = useMay('refunds.manage')
  const { tickets, refunds } = progress
  return (
    <section className={style.section} aria-labelledby="progress">
      <h2 id="progress">{t(progress.finished ? 'progress.finished' : 'progress.title')}</h2>
      {tickets.total > 0 && (
        <progress className={desk.progress} max={tickets.total} value={tickets.done} aria-labelledby="progress" />
      )}
      <div role="status" className={desk.answer}>
        <Figures
          of={[
            [t('progress.tickets'), t('progress.of', { done: tickets.done, total: tickets.total })],
            [t('progress.pending'), refunds.pending],
            [t('progress.success'), refunds.success],
            [t('progress.failed'), refunds.failed],
          ]}
        />
      </div>
      {refunds.failed > 0 && mayRetry && <Retry of={one} failed={refunds.failed} />}
    </section>
  )
}

const Orders = ({ of: one }: { of: Screening }) => {
  const { t } = useTranslation(['desk', 'staff'])
  const [state, setState] = useState<RefundStatus>()
  const maySell = useMay('sales.read')
  return (
    <>
      <div className={desk.pick}>
        <Choice
          label={t('desk:progress.filter')}
          value={state ?? ''}
          options={[['', t('staff:filters.all')], ...STATES.map((name): [string, string] => [name, t(`desk:refund.${name}`)])]}
          onChange={(value) => setState(STATES.find((name) => name === value))}
        />
      </div>
      <LoadedList
        query={useInfiniteQuery(cancelledOrdersQuery(one.id, state))}
        empty={<p className={style.soft}>{t('desk:progress.none')}</p>}
      >
        {(orders) => (
          <ul className={style.list}>
            {orders.map((order) => (
              <li key={order.order_id} className={desk.result}>
                {maySell ? (
                  <Link to="/staff/sales/orders/$order_id" params={{ order_id: String(order.order_id) }}>
                    {order.order_reference}
                  </Link>
                ) : (
                  <b>{order.order_reference}</b>
                )}
                <span>{t('desk:progress.order', { count: order.tickets })}</span>
                <b className="tabular">{money(order.refund, one.currency)}</b>
                <RefundState status={order.refund_status} failure={order.failure_code} />
              </li>
            ))}
          </ul>
        )}
      </LoadedList>
    </>
  )
}

/** What has become of everybody's money, order by order. */
export const CancellationProgress = ({ of: one }: { of: Screening }) => {
  const { data, error, refetch } = useQuery(cancellationQuery(one.id))
  if (error && !data) return <SectionProblem error={error} retry={() => void refetch()} />
  if (!data) return <WaitingRows rows={3} />
  return (
    <>
      <Sum of={one} progress={data} />
      <Orders key={`${data.tickets.done} ${data.refunds.success} ${data.refunds.failed}`} of={one} />
    </>
  )
}
