import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Trouble } from '#features/account/trouble.tsx'
import { money } from '#features/orders/money.ts'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { isApiError } from '#lib/api.ts'
import { announce } from '#ui/announce.ts'
import { giveBack, type ReturnQuote, returnQuote } from './api.ts'
import style from './returns.module.css'
import { type OwnTicket, TicketPicks } from './ticket-picks.tsx'
import { refusalWords } from './words.ts'

type Props = {
  order_id: number
  orderKey?: string | undefined
  tickets: OwnTicket[]
  /** Chosen at first. */
  first: number[]
  onDone: () => void
  onClose: () => void
}

/** To where the money goes: cash is handed out, everything else goes back the way it came. */
const useWhere = () => {
  const { t } = useTranslation('returns')
  return ({ payments, currency }: ReturnQuote) =>
    payments.map(({ payment_id, method, amount }) => ({
      id: payment_id,
      words: t(method === 'cash' ? 'back.where_cash' : 'back.where_card', { amount: money(amount, currency) }),
    }))
}

/** All that makes up what comes back, and all that does not. */
const Sum = ({ quote }: { quote: ReturnQuote }) => {
  const { t } = useTranslation('returns')
  const where = useWhere()
  const { currency } = quote
  const lines = [
    ['back.items', quote.items],
    ['back.fees', quote.fees],
    ['back.tax', quote.tax],
    ['back.lost_discount', -quote.lost_discount],
    ['back.charge', -quote.charge],
  ] as const
  const keepsFees = quote.policies.some(({ returns_fees }) => !returns_fees)
  return (
    <div className={style.sum} aria-live="polite">
      <dl>
        {lines
          .filter(([, amount]) => amount !== 0)
          .map(([key, amount]) => (
            <div key={key}>
              <dt>{t(key)}</dt>
              <dd>{money(amount, currency)}</dd>
            </div>
          ))}
        <div className={style.total}>
          <dt>{t('back.refund')}</dt>
          <dd>{money(quote.refund, currency)}</dd>
        </div>
      </dl>
      {where(quote).map(({ id, words }) => (
        <p key={id}>{words}</p>
      ))}
      {keepsFees && <p className="fine">{t('back.fees_kept')}</p>}
    </div>
  )
}

const Until = ({ quote, cinema_id }: { quote: ReturnQuote; cinema_id: number | undefined }) => {
  const { t } = useTranslation('returns')
  const timezone = useTimezone(cinema_id)
  const [until] = quote.tickets.flatMap(({ returnable_until }) => returnable_until ?? []).toSorted()
  return until ? <p className="fine">{t('back.until', { time: formatShowing(until, timezone) })}</p> : null
}

const Done = ({ refund, onClose }: { refund: string | undefined; onClose: () => void }) => {
  const { t } = useTranslation('returns')
  return (
    <div className={style.panel} role="status">
      <p className={style.good}>{t('back.done')}</p>
      <p>{refund === undefined ? t('back.done_nothing') : t('back.done_money', { amount: refund })}</p>
      <Button onClick={onClose}>{t('back.close')}</Button>
    </div>
  )
}

/** Chooses tickets, says what comes back for them, and only then takes them away. */
export const GiveBack = ({ order_id, orderKey, tickets, first, onDone, onClose }: Props) => {
  const { t } = useTranslation('returns')
  const client = useQueryClient()
  const [chosen, setChosen] = useState(first)
  const [attempt, setAttempt] = useState(() => crypto.randomUUID())
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  const [done, setDone] = useState<{ refund: string | undefined }>()
  const ids = chosen.toSorted((a, b) => a - b)
  const { data: quote, error, isFetching } = useQuery(returnQuote(order_id, ids, orderKey))
  const refusals = new Map(quote?.tickets.map(({ ticket_id, refusal }) => [ticket_id, refusal]))
  const allRefused = quote !== undefined && quote.tickets.every(({ refusal }) => refusal !== null)

  const choose = (next: number[]) => {
    setChosen(next)
    setAttempt(crypto.randomUUID())
    setTrouble(undefined)
  }
  const confirm = async (shown: ReturnQuote) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await giveBack({ id: order_id, ticket_ids: ids, expected_refund: shown.refund, attempt, key: orderKey })
      setDone({ refund: shown.refund > 0 ? money(shown.refund, shown.currency) : undefined })
      announce(t('back.done'))
      onDone()
    } catch (failure) {
      setTrouble(t(refusalWords(failure)))
      if (isApiError(failure) && failure.status !== 0) setAttempt(crypto.randomUUID())
      await client.invalidateQueries({ queryKey: ['orders', 'return-quote', order_id] })
    } finally {
      setBusy(false)
    }
  }

  if (done) return <Done refund={done.refund} onClose={onClose} />
  return (
    <div className={style.panel}>
      <TicketPicks
        legend={t('back.which')}
        tickets={tickets}
        chosen={chosen}
        onChosen={choose}
        note={(id) => {
          const refusal = refusals.get(id)
          return refusal ? t(`refused.${refusal}`) : undefined
        }}
      />
      {quote && ids.length > 0 && !allRefused && <Sum quote={quote} />}
      {quote && <Until quote={quote} cinema_id={tickets[0]?.session?.cinema_id} />}
      <Trouble>{trouble ?? (error && t(refusalWords(error)))}</Trouble>
      <Button
        color="danger"
        loading={busy}
        disabled={!quote || ids.length === 0 || allRefused || isFetching}
        onClick={() => quote && void confirm(quote)}
      >
        {quote && ids.length > 0
          ? t('back.confirm', { count: ids.length, amount: money(quote.refund, quote.currency) })
          : t('back.choose')}
      </Button>
      <Button variant="default" onClick={onClose}>
        {t('back.keep')}
      </Button>
    </div>
  )
}
