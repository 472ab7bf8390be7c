import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import { useUser } from '#features/account/session.ts'
import { SignUpForm } from '#features/account/sign-up-form.tsx'
import { OrderWays } from '#features/returns/order-ways.tsx'
import { SessionNote } from '#features/returns/session-note.tsx'
import { toast } from '#ui/announce.ts'
import { orderByReference, type Order } from './api.ts'
import { keepTickets } from './kept-tickets.ts'
import style from './order-page.module.css'
import { useOrderSessions } from './order-sessions.ts'
import { saveOrderPdf } from './papers.ts'
import { Receipts } from './receipts.tsx'
import { Refunds } from './refunds.tsx'
import { TicketCard } from './ticket-card.tsx'

const headings = { canceled: 'done.canceled', expired: 'done.expired', pending: 'done.pending' } as const

const Head = ({ order, orderKey }: { order: Order; orderKey: string | undefined }) => {
  const { t } = useTranslation('orders')
  const good = order.status === 'paid' || order.status === 'partially_refunded'
  const several = order.tickets.filter(({ status }) => status === 'paid').length > 1
  const heading = t(order.status in headings ? headings[order.status as keyof typeof headings] : 'done.title')
  const print = () => {
    saveOrderPdf(order.id, order.reference, orderKey).catch(() => toast(t('trouble.other'), 'bad'))
  }
  return (
    <header className={style.head}>
      <title>{`${heading} · Marquee`}</title>
      <p className={style.reference}>{t('done.reference', { reference: order.reference })}</p>
      <h1>{heading}</h1>
      {good && order.email && <p>{t('done.mailed', { email: order.email })}</p>}
      {good && several && (
        <Button variant="light" onClick={print}>
          {t('done.all_pdf')}
        </Button>
      )}
      {order.status === 'pending' && (
        <Link to="/pay/$reference" params={{ reference: order.reference }}>
          {t('pay.title')}
        </Link>
      )}
    </header>
  )
}

/** After the purchase, not before it: the tickets move into the new account. */
const Offer = ({ order }: { order: Order }) => {
  const { t } = useTranslation('orders')
  const user = useUser()
  if (user || order.status !== 'paid') return null
  return (
    <details className={style.offer}>
      <summary>
        <b>{t('done.account_title')}</b>
        <span>{t('done.account_hint')}</span>
      </summary>
      <SignUpForm email={order.email ?? ''} onDone={() => toast(t('done.account_done'), 'good')} />
    </details>
  )
}

/** The tickets of an order, at once after paying and by the link in the mail. */
export const OrderPage = () => {
  const { reference } = useParams({ from: '/order/$reference' })
  const { key } = useSearch({ from: '/order/$reference' })
  const { data: order } = useSuspenseQuery(orderByReference(reference, key))
  const groups = useOrderSessions(order, order.status !== 'pending')
  useEffect(() => {
    keepTickets(groups.flatMap(({ session, tickets }) => (session ? tickets.map((ticket) => ({ ticket, session })) : [])))
  }, [groups])
  return (
    <div className={`page ${style.order}`}>
      <Head order={order} orderKey={key} />
      {groups.map(({ session, session_id, tickets }) => (
        <SessionNote key={session_id} session={session} isValid={tickets.some(({ status }) => status === 'paid')} />
      ))}
      <div className={style.tickets}>
        {groups.flatMap(({ session, tickets }) =>
          tickets.map((ticket) => <TicketCard key={ticket.id} ticket={ticket} session={session} orderKey={key} />),
        )}
      </div>
      <OrderWays order={order} orderKey={key} />
      <Refunds order={order} />
      <Receipts order={order} orderKey={key} />
      <Offer order={order} />
    </div>
  )
}
