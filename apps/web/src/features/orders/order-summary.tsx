import { useTranslation } from 'react-i18next'

import { FilmTitle } from '#features/films/film-title.tsx'
import { Added } from './added.tsx'
import type { Order, Ticket } from './api.ts'
import { money } from './money.ts'
import { useOrderSessions, type TicketsOfSession } from './order-sessions.ts'
import style from './order-summary.module.css'
import { formatShowing, useTimezone } from './place.ts'
import { useTypeName } from './ticket-types.ts'
import { reductionsOf, traceWords } from './trace.ts'
import { WhyThisPrice } from './why-this-price.tsx'

const Line = ({ ticket, currency }: { ticket: Ticket; currency: string }) => {
  const { t } = useTranslation('hall')
  const typeName = useTypeName()
  return (
    <li>
      <span>
        {t('seat.place', { row: ticket.seat_row, seat: ticket.seat_number })}
        <small>
          {typeName(ticket.ticket_type)}
          {ticket.seat_type !== 'standard' && `, ${t(`type.${ticket.seat_type}`)}`}
        </small>
      </span>
      <b>{money(ticket.price, currency)}</b>
    </li>
  )
}

const Showing = ({ group, currency }: { group: TicketsOfSession; currency: string }) => {
  const { t } = useTranslation('hall')
  const { session, tickets } = group
  const timezone = useTimezone(session?.cinema_id)
  return (
    <div className={style.showing}>
      {session && (
        <header>
          <h2>
            <FilmTitle of={session} />
          </h2>
          <p>
            <time dateTime={session.start_time}>{formatShowing(session.start_time, timezone)}</time>
            <br />
            {t('meta', { hall: session.hall_name, cinema: session.cinema_name })}
          </p>
        </header>
      )}
      <ul>
        {tickets.map((ticket) => (
          <Line key={ticket.id} ticket={ticket} currency={currency} />
        ))}
      </ul>
    </div>
  )
}

/** What is taken off the seats and what is added to them, each by its name. */
const Changes = ({ order }: { order: Order }) => {
  const { t } = useTranslation('orders')
  const typeName = useTypeName()
  const { currency, fees, tax } = order
  const lines = [
    ...reductionsOf(order).map((entry) => ({ words: traceWords(t, entry, typeName), amount: entry.amount })),
    { words: t('pay.fee'), amount: fees },
    { words: t('pay.tax'), amount: tax },
    { words: t('pay.credited'), amount: Math.min(order.amount_due - order.total, 0) },
  ].filter(({ amount }) => amount !== 0)
  if (lines.length === 0) return null
  return (
    <ul className={style.changes}>
      {lines.map(({ words, amount }) => (
        <li key={words} data-off={amount < 0}>
          <span>{words}</span>
          <b>{money(amount, currency)}</b>
        </li>
      ))}
    </ul>
  )
}

/** What is bought and what it costs, the same figure as from the first seat on. */
export const OrderSummary = ({ order }: { order: Order }) => {
  const { t } = useTranslation('orders')
  const groups = useOrderSessions(order)
  return (
    <section className={style.summary} aria-label={t('pay.summary')}>
      {groups.map((group) => (
        <Showing key={group.session_id} group={group} currency={order.currency} />
      ))}
      <Changes order={order} />
      <p className={style.total} aria-live="polite">
        <span>{t('pay.total')}</span>
        <b>{money(order.amount_due, order.currency)}</b>
      </p>
      <div className={style.foot}>
        <p className={style.soft}>
          <Added added={order.fees + order.tax} tax={order.tax} currency={order.currency} />
        </p>
        <WhyThisPrice order={order} />
      </div>
    </section>
  )
}
