import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { type Order, orderById } from '#features/orders/api.ts'
import { money } from '#features/orders/money.ts'
import { PriceStory } from '#features/orders/price-story.tsx'
import { isApiError } from '#lib/api.ts'
import { useLanguage } from '#lib/use-language.ts'
import { Empty } from '#ui/empty.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from '../access.ts'
import desk from '../desk.module.css'
import { Figures } from '../figures.tsx'
import { formatStamp } from '../format-stamp.ts'
import { RefundReason, RefundState } from '../refund-state.tsx'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { WaitingRows } from '../waiting-rows.tsx'
import { orderReceiptsQuery } from './api.ts'
import { OrderReturn } from './order-return.tsx'
import { ReceiptSave } from './receipt-save.tsx'
import { OrderState, PaymentState } from './sale-state.tsx'

const Payments = ({ order }: { order: Order }) => {
  const { t } = useTranslation(['sales', 'desk'])
  return (
    <section className={style.section} aria-labelledby="payments">
      <h2 id="payments">{t('sales:nav.payments')}</h2>
      {order.payments.length === 0 && <p className={style.soft}>{t('sales:no_payments')}</p>}
      <ul className={style.list}>
        {order.payments.map((payment) => (
          <li key={payment.id} className={desk.result}>
            <b className="tabular">{money(payment.amount, payment.currency)}</b>
            <span>
              {t(`desk:method.${payment.method}`)}, {t('sales:payment', { id: payment.id })}
            </span>
            <PaymentState status={payment.status} failure={payment.failure_code} />
            {payment.refunded > 0 && <span>{t('sales:back', { amount: money(payment.refunded, payment.currency) })}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

const Refunds = ({ order }: { order: Order }) => {
  const { t } = useTranslation('sales')
  if (order.refunds.length === 0) return null
  return (
    <section className={style.section} aria-labelledby="refunds">
      <h2 id="refunds">{t('nav.refunds')}</h2>
      <ul className={style.list}>
        {order.refunds.map((refund) => (
          <li key={refund.id} className={desk.result}>
            <b className="tabular">{money(refund.amount, order.currency)}</b>
            <span>
              <RefundReason of={refund} />
            </span>
            <RefundState status={refund.status} failure={null} />
          </li>
        ))}
      </ul>
    </section>
  )
}

const Receipts = ({ order }: { order: Order }) => {
  const { t } = useTranslation('sales')
  const language = useLanguage()
  const { data = [] } = useQuery(orderReceiptsQuery(order.id))
  if (data.length === 0) return null
  return (
    <section className={style.section} aria-labelledby="receipts">
      <h2 id="receipts">{t('nav.receipts')}</h2>
      <ul className={style.list}>
        {data.map((receipt) => (
          <li key={receipt.id} className={desk.result}>
            <b>{receipt.label}</b>
            <span>{formatStamp(language, receipt.issued_at)}</span>
            <b className="tabular">
              {money(receipt.kind === 'credit_note' ? -receipt.amount : receipt.amount, receipt.currency)}
            </b>
            <ReceiptSave receipt={receipt} />
          </li>
        ))}
      </ul>
    </section>
  )
}

const Story = ({ order }: { order: Order }) => {
  const { t } = useTranslation('sales')
  if (order.items.every(({ is_canceled }) => is_canceled)) return null
  return (
    <section className={style.section} aria-labelledby="story">
      <h2 id="story">{t('story')}</h2>
      <PriceStory order={order} />
    </section>
  )
}

const Known = ({ order }: { order: Order }) => {
  const { t } = useTranslation('sales')
  const language = useLanguage()
  const { currency } = order
  return (
    <>
      <header className={style.head}>
        <div>
          <h1>{t('order', { reference: order.reference })}</h1>
          <p className={style.soft}>
            {order.email ?? t('no_email')} · {formatStamp(language, order.created_at)} · <OrderState status={order.status} />
          </p>
        </div>
      </header>
      <Figures
        of={[
          [t('column.total'), money(order.total, currency)],
          [t('column.discount'), order.discount > 0 ? money(order.discount, currency) : undefined],
          [t('column.fees'), order.fees > 0 ? money(order.fees, currency) : undefined],
          [t('column.due'), order.amount_due > 0 ? money(order.amount_due, currency) : undefined],
          [t('column.number'), order.id],
        ]}
      />
      <div className={style.sections}>
        <OrderReturn key={order.updated_at} order={order} />
        <div className={desk.column}>
          <Payments order={order} />
          <Refunds order={order} />
          <Receipts order={order} />
          <Story order={order} />
        </div>
      </div>
    </>
  )
}

const Loaded = ({ id }: { id: number }) => {
  const { t } = useTranslation('sales')
  const { data, error, refetch } = useQuery(orderById(id))
  const missing = isApiError(error) && (error.status === 404 || error.status === 422)
  return (
    <div className={style.page}>
      <title>{`${data?.reference ?? t('nav.orders')} · Marquee`}</title>
      <Link to="/staff/sales/orders" className={style.back}>
        ← {t('nav.orders')}
      </Link>
      {missing && <Empty title={t('missing')} hint={t('missing_hint')} />}
      {error && !missing && !data && <SectionProblem error={error} retry={() => void refetch()} />}
      {!data && !error && <WaitingRows rows={4} />}
      {data && <Known order={data} />}
    </div>
  )
}

export const SaleOrderPage = () => {
  const { order_id } = useParams({ from: '/staff/sales/orders/$order_id' })
  return useMay('sales.read') ? <Loaded key={order_id} id={Number(order_id)} /> : <NotYours />
}
