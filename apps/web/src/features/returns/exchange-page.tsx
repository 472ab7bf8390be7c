import { IconArrowLeft } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { orderById, type Order } from '#features/orders/api.ts'
import { useOrderSessions } from '#features/orders/order-sessions.ts'
import { serverOffset } from '#features/orders/server-clock.ts'
import { Empty } from '#ui/empty.tsx'
import { ExchangeHall } from './exchange-hall.tsx'
import { ExchangeShowings } from './exchange-showings.tsx'
import style from './returns.module.css'
import { type OwnTicket, TicketPicks } from './ticket-picks.tsx'

const BackToOrder = ({ order, orderKey }: { order: Order; orderKey: string | undefined }) => {
  const { t } = useTranslation('returns')
  return (
    <Link to="/order/$reference" params={{ reference: order.reference }} search={orderKey === undefined ? {} : { key: orderKey }}>
      <IconArrowLeft size={18} aria-hidden /> {t('exchange.back')}
    </Link>
  )
}

/** What of an order can still change hands. */
const useExchangeable = (order: Order): OwnTicket[] => {
  const [now] = useState(() => Date.now() + serverOffset())
  return useOrderSessions(order).flatMap(({ session, tickets }) =>
    tickets
      .filter(
        ({ status, returnable_until }) => status === 'paid' && returnable_until !== null && Date.parse(returnable_until) > now,
      )
      .map((ticket) => ({ ticket, session })),
  )
}

/** First the tickets named in the address; else all of the first screening. */
const firstChosen = (tickets: OwnTicket[], named: number | undefined): number[] => {
  const of = (session_id: number | undefined) =>
    tickets.filter(({ ticket }) => ticket.session_id === session_id).map(({ ticket }) => ticket.id)
  if (named !== undefined && tickets.some(({ ticket }) => ticket.id === named)) return [named]
  return of(tickets[0]?.ticket.session_id)
}

/** Other seats or another screening for tickets that are paid: choose, see the difference, agree. */
export const ExchangePage = () => {
  const { t } = useTranslation('returns')
  const { order_id } = useParams({ from: '/exchange/$order_id' })
  const { key, ticket } = useSearch({ from: '/exchange/$order_id' })
  const { data: order } = useSuspenseQuery(orderById(Number(order_id), key))
  const tickets = useExchangeable(order)
  const [chosen, setChosen] = useState(() => firstChosen(tickets, ticket))
  const [target, setTarget] = useState<number>()
  const picked = tickets.filter((own) => chosen.includes(own.ticket.id))
  const from = picked[0]?.session
  return (
    <div className={`page ${style.page}`}>
      <title>{`${t('exchange.title')} · Marquee`}</title>
      <header className={style.head}>
        <BackToOrder order={order} orderKey={key} />
        <h1>{t('exchange.title')}</h1>
        <p className="fine">{t('exchange.hint')}</p>
      </header>
      {tickets.length === 0 ? (
        <Empty title={t('exchange.none')} hint={t('exchange.none_hint')} />
      ) : (
        <>
          <section className={style.step}>
            <TicketPicks
              legend={t('exchange.which')}
              tickets={tickets}
              chosen={chosen}
              onChosen={setChosen}
              note={() => undefined}
              together
            />
          </section>
          {from && <ExchangeShowings from={from} chosen={target} onChosen={setTarget} />}
          {target !== undefined && picked.length > 0 && (
            <Suspense fallback={<div className={`skeleton ${style.stage}`} />}>
              <ExchangeHall
                key={`${target} ${chosen.join(' ')}`}
                order={order}
                orderKey={key}
                session_id={target}
                picked={picked}
              />
            </Suspense>
          )}
        </>
      )}
    </div>
  )
}
