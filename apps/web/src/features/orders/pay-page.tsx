import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'

import { orderByReference, type Order } from './api.ts'
import { Checking } from './checking.tsx'
import { HoldClock } from './hold-clock.tsx'
import { OrderSummary } from './order-summary.tsx'
import { pageToReturnTo } from './pay-address.ts'
import { PayForm } from './pay-form.tsx'
import { PayOver } from './pay-trouble.tsx'
import style from './pay.module.css'
import { Reductions } from './reductions.tsx'
import { useBegun } from './stripe/use-begun.ts'
import { usePay } from './use-pay.ts'

/** Staff may cancel a screening, and another tab may change the order: the page learns of it without a click. */
const ASK_MS = 8000

/** Pays what is held: an e-mail, a card, one button. */
export const PayPage = () => {
  const { reference } = useParams({ from: '/pay/$reference' })
  const { return_url, key } = useSearch({ from: '/pay/$reference' })
  const { data: order } = useSuspenseQuery({
    ...orderByReference(reference, key),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? ASK_MS : false),
  })
  const navigate = useNavigate()
  const { history } = useRouter()
  const done = useCallback(() => {
    const named = pageToReturnTo(return_url, location.origin)
    if (named === undefined)
      void navigate({ to: '/order/$reference', params: { reference }, search: key === undefined ? {} : { key }, replace: true })
    else history.replace(named)
  }, [navigate, history, reference, return_url, key])
  const settled = order.status === 'paid' || order.status === 'partially_refunded'
  useEffect(() => {
    if (settled) done()
  }, [settled, done])
  if (settled) return <Checking offline={false} />
  return <Paying key={order.id} order={order} orderKey={key} onPaid={done} />
}

/** The bank's own page, for whoever has left it before its end. */
const onwardOf = ({ payments }: Order) =>
  payments.find(({ status, next_action }) => status === 'pending' && next_action === 'redirect')?.redirect_url

type PayingProps = { order: Order; orderKey: string | undefined; onPaid: () => void }

/** By a key nothing but the payment may be done: the order is an exchange, for the address that it has. */
const Paying = ({ order, orderKey, onPaid }: PayingProps) => {
  const client = useQueryClient()
  const { pay, busy, outcome, setOutcome } = usePay(order, orderKey, onPaid)
  const asking = useBegun(order, setOutcome)
  const put = useCallback((fresh: Order) => client.setQueryData(['orders', order.reference], fresh), [client, order.reference])
  const over = useCallback(() => {
    // The server has the last word: it may have been paid or prolonged elsewhere.
    void client.invalidateQueries({ queryKey: ['orders', order.reference] })
    setOutcome((now) => (now?.kind === 'checking' ? now : { kind: 'expired' }))
  }, [client, order.reference, setOutcome])

  if (asking) return <Checking offline={false} />
  if (outcome?.kind === 'checking' && !busy) return <Checking offline={outcome.offline} onward={onwardOf(order)} />
  if (outcome?.kind === 'expired' || outcome?.kind === 'session') return <PayOver outcome={outcome} order={order} />
  if (order.status !== 'pending') return <PayOver outcome={{ kind: 'expired' }} order={order} />
  return (
    <div className={`page ${style.pay}`}>
      <PayForm order={order} byKey={orderKey !== undefined} busy={busy} outcome={outcome} onPay={pay} />
      <aside className={style.side}>
        <OrderSummary order={order} />
        {orderKey === undefined && <Reductions order={order} />}
      </aside>
      <div className={style.clock}>
        <HoldClock key={order.id} order={order} onOrder={orderKey === undefined ? put : undefined} onOver={over} />
      </div>
    </div>
  )
}
