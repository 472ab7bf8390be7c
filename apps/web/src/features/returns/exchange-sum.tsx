import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Trouble } from '#features/account/trouble.tsx'
import type { PlacedSeat } from '#features/hall/plan.ts'
import { orderById, type Order } from '#features/orders/api.ts'
import { money } from '#features/orders/money.ts'
import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { type ExchangeQuote, exchangeQuote, exchangeTickets } from './api.ts'
import style from './returns.module.css'
import type { OwnTicket } from './ticket-picks.tsx'
import { refusalWords } from './words.ts'

type Props = {
  order: Order
  orderKey: string | undefined
  session_id: number
  picked: OwnTicket[]
  seats: PlacedSeat[]
}

/** What the new seats cost, what the old ones pay of it, and who owes whom. */
const Sum = ({ quote }: { quote: ExchangeQuote }) => {
  const { t } = useTranslation('returns')
  const { currency } = quote
  const last = quote.refund > 0 ? (['exchange.refund', quote.refund] as const) : (['exchange.due', quote.due] as const)
  const lines = [
    ['exchange.new', quote.total],
    ['exchange.credit', -(quote.credit + quote.refund)],
  ] as const
  return (
    <div className={style.sum} aria-live="polite">
      <dl>
        {lines.map(([key, amount]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>{money(amount, currency)}</dd>
          </div>
        ))}
        <div className={style.total}>
          <dt>{t(last[0])}</dt>
          <dd>{money(last[1], currency)}</dd>
        </div>
      </dl>
      <p className="fine">{t(quote.due > 0 ? 'exchange.then_pay' : 'exchange.at_once')}</p>
    </div>
  )
}

/** Each ticket moves to the seat that stands in the same place of the row of choices. */
const pairsOf = (picked: OwnTicket[], seats: PlacedSeat[]) =>
  picked.flatMap(({ ticket }, at) => {
    const seat = seats[at]
    return seat ? [{ ticket_id: ticket.id, seat_id: seat.id, ticket, seat }] : []
  })

/** The exchange that keeps these tickets: to whoever may pay for it, its order is told. */
type UnderWay = { order_id: number; key: string | undefined }

const underWayIn = (error: unknown): UnderWay | undefined => {
  if (!isApiError(error) || error.code !== 'orders.exchange_under_way') return undefined
  const { order_id, order_key } = error.data
  return typeof order_id === 'number' ? { order_id, key: typeof order_key === 'string' ? order_key : undefined } : undefined
}

const useExchange = ({ order, orderKey, session_id }: Props, tickets: { ticket_id: number; seat_id: number }[]) => {
  const { t } = useTranslation('returns')
  const client = useQueryClient()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  const [underWay, setUnderWay] = useState<UnderWay>()
  const [attempt, setAttempt] = useState(() => crypto.randomUUID())
  const go = async ({ due }: ExchangeQuote) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const made = await exchangeTickets({ id: order.id, session_id, tickets, expected_due: due, attempt, key: orderKey })
      // Whoever came by the link in the mail goes on by the key of the new order.
      const way = { params: { reference: made.order.reference }, search: made.order_key ? { key: made.order_key } : {} }
      if (made.done) toast(t('exchange.done'), 'good')
      await (made.done ? navigate({ to: '/order/$reference', ...way }) : navigate({ to: '/pay/$reference', ...way }))
      await client.invalidateQueries({ queryKey: ['tickets'] })
      await client.invalidateQueries({ queryKey: ['orders'] })
    } catch (failure) {
      setTrouble(t(refusalWords(failure)))
      setUnderWay(underWayIn(failure))
      if (isApiError(failure) && failure.status !== 0) setAttempt(crypto.randomUUID())
      setBusy(false)
    }
  }
  return { go, busy, trouble, underWay }
}

/** Back to the payment of an exchange that was begun. */
const GoOn = ({ of: { order_id, key } }: { of: UnderWay }) => {
  const { t } = useTranslation('returns')
  const { data } = useQuery(orderById(order_id, key))
  if (data?.status !== 'pending') return null
  return (
    <Link to="/pay/$reference" params={{ reference: data.reference }} search={key === undefined ? {} : { key }}>
      {t('exchange.go_on')}
    </Link>
  )
}

/** The end of an exchange: what moves where, the difference, one button. */
export const ExchangeSum = (props: Props) => {
  const { t } = useTranslation(['returns', 'hall'])
  const { order, orderKey, session_id, picked, seats } = props
  const pairs = pairsOf(picked, seats)
  const tickets = pairs.map(({ ticket_id, seat_id }) => ({ ticket_id, seat_id }))
  const ready = pairs.length === picked.length
  const { data: quote, error } = useQuery({
    ...exchangeQuote({ id: order.id, session_id, tickets, key: orderKey }),
    enabled: ready,
  })
  const { go, busy, trouble, underWay } = useExchange(props, tickets)
  const said = trouble ?? (ready && error ? t(refusalWords(error)) : undefined)
  const place = (row: string, seat: number) => t('hall:seat.short', { row, seat })
  return (
    <div className={style.confirm}>
      <ul className={style.moves}>
        {pairs.map(({ ticket, seat }) => (
          <li key={ticket.id}>
            {t('exchange.move', {
              from: place(ticket.seat_row, ticket.seat_number),
              to: place(seat.seat_row, seat.seat_number),
            })}
          </li>
        ))}
      </ul>
      {!ready && <p className="fine">{t('exchange.left', { count: picked.length - pairs.length })}</p>}
      {ready && quote && <Sum quote={quote} />}
      <Trouble>{said}</Trouble>
      {underWay && <GoOn of={underWay} />}
      <Button size="lg" loading={busy} disabled={!ready || !quote} onClick={() => quote && void go(quote)}>
        {quote && ready && quote.due > 0
          ? t('exchange.confirm_due', { amount: money(quote.due, quote.currency) })
          : t('exchange.confirm')}
      </Button>
    </div>
  )
}
