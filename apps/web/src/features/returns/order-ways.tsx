import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Order } from '#features/orders/api.ts'
import { useOrderSessions } from '#features/orders/order-sessions.ts'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { serverOffset } from '#features/orders/server-clock.ts'
import style from './ticket-ways.module.css'
import { isReturnable, Ways } from './ticket-ways.tsx'

/** On the page of an order: what can still be done about it, and until when. */
export const OrderWays = ({ order, orderKey }: { order: Order; orderKey: string | undefined }) => {
  const { t } = useTranslation('returns')
  const [now] = useState(() => Date.now() + serverOffset())
  const tickets = useOrderSessions(order)
    .flatMap(({ session, tickets: its }) => its.map((ticket) => ({ ticket, session })))
    .filter((own) => isReturnable(own, now))
  const [first] = tickets.toSorted((a, b) => (a.ticket.returnable_until ?? '').localeCompare(b.ticket.returnable_until ?? ''))
  const timezone = useTimezone(first?.session?.cinema_id)
  if (!first) return null
  return (
    <section className={style.plans} aria-labelledby="plans">
      <h2 id="plans">{t('plans')}</h2>
      <p className="fine">{t('plans_until', { time: formatShowing(first.ticket.returnable_until ?? '', timezone) })}</p>
      <Ways
        order_id={order.id}
        orderKey={orderKey}
        tickets={tickets}
        first={tickets.map(({ ticket }) => ticket.id)}
        label={t(tickets.length > 1 ? 'open_all' : 'open')}
      />
    </section>
  )
}
