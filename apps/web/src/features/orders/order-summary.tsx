import { useTranslation } from 'react-i18next'

import { FilmTitle } from '#features/films/film-title.tsx'
import { Added } from './added.tsx'
import type { Order } from './api.ts'
import { money } from './money.ts'
import { useOrderSessions, type TicketsOfSession } from './order-sessions.ts'
import style from './order-summary.module.css'
import { formatShowing, useTimezone } from './place.ts'

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
          <li key={ticket.id}>
            <span>
              {t('seat.place', { row: ticket.seat_row, seat: ticket.seat_number })}
              <small>{t(`type.${ticket.seat_type}`)}</small>
            </span>
            <b>{money(ticket.final_price, currency)}</b>
          </li>
        ))}
      </ul>
    </div>
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
      <p className={style.total}>
        <span>{t('pay.total')}</span>
        <b>{money(order.amount_due, order.currency)}</b>
      </p>
      <p className={style.soft}>
        <Added added={order.fees + order.tax} tax={order.tax} currency={order.currency} />
      </p>
    </section>
  )
}
