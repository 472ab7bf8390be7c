import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import forms from '#features/account/forms.module.css'
import type { PlacedSeat } from '#features/hall/plan.ts'
import type { Order } from '#features/orders/api.ts'
import { money } from '#features/orders/money.ts'
import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { type ExchangeQuote, exchangeQuote, exchangeTickets, ownOrder } from './api.ts'
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

/** Whoever has only the link from the mail can exchange, but paying is for those whose order it is. */
const useIsOwner = ({ reference }: Order, orderKey: string | undefined): boolean => {
  const { isSuccess } = useQuery({ ...ownOrder(reference), enabled: orderKey !== undefined })
  return orderKey === undefined || isSuccess
}

const useExchange = (
  { order, orderKey, session_id }: Props,
  tickets: { ticket_id: number; seat_id: number }[],
  isOwner: boolean,
) => {
  const { t } = useTranslation('returns')
  const client = useQueryClient()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  const [mailed, setMailed] = useState(false)
  const [attempt, setAttempt] = useState(() => crypto.randomUUID())
  const go = async ({ due }: ExchangeQuote) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const made = await exchangeTickets({ id: order.id, session_id, tickets, expected_due: due, attempt, key: orderKey })
      const params = { reference: made.order.reference }
      if (!isOwner) return setMailed(true)
      if (made.done) toast(t('exchange.done'), 'good')
      await (made.done ? navigate({ to: '/order/$reference', params }) : navigate({ to: '/pay/$reference', params }))
      await client.invalidateQueries({ queryKey: ['tickets'] })
      await client.invalidateQueries({ queryKey: ['orders'] })
    } catch (failure) {
      setTrouble(t(refusalWords(failure)))
      if (isApiError(failure) && failure.status !== 0) setAttempt(crypto.randomUUID())
      setBusy(false)
    }
    return undefined
  }
  return { go, busy, trouble, mailed }
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
  const isOwner = useIsOwner(order, orderKey)
  const { go, busy, trouble, mailed } = useExchange(props, tickets, isOwner)
  const said = trouble ?? (ready && error ? t(refusalWords(error)) : undefined)
  const mustSignIn = ready && !isOwner && quote !== undefined && quote.due > 0
  if (mailed)
    return (
      <p className={style.good} role="status">
        {t('exchange.mailed')}
      </p>
    )
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
      {mustSignIn && <p>{t('exchange.sign_in')}</p>}
      <div role="alert" className={forms.trouble}>
        {said !== undefined && <p>{said}</p>}
      </div>
      <Button size="lg" loading={busy} disabled={!ready || !quote || mustSignIn} onClick={() => quote && void go(quote)}>
        {quote && ready && quote.due > 0
          ? t('exchange.confirm_due', { amount: money(quote.due, quote.currency) })
          : t('exchange.confirm')}
      </Button>
    </div>
  )
}
