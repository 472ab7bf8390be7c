import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { serverOffset } from '#features/orders/server-clock.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import { Dialog } from '#ui/dialog.tsx'
import type { OwnTicket } from './ticket-picks.tsx'
import style from './ticket-ways.module.css'

const GiveBack = lazy(async () => ({ default: (await import('./give-back.tsx')).GiveBack }))

type WaysProps = { order_id: number; orderKey?: string | undefined; tickets: OwnTicket[]; first: number[]; label: string }

/** The two ways out of a ticket: money back, or other seats. */
export const Ways = ({ order_id, orderKey, tickets, first, label }: WaysProps) => {
  const { t } = useTranslation('returns')
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const [changed, setChanged] = useState(false)
  /** Only now is the page told: the ticket that this stands on would go, and what was done would never be read. */
  const close = () => {
    setOpen(false)
    if (!changed) return
    setChanged(false)
    void client.invalidateQueries({ queryKey: ['orders'] })
    void client.invalidateQueries({ queryKey: ['tickets'] })
  }
  const [only] = first.length === 1 ? first : []
  return (
    <div className={style.ways}>
      <Button variant="default" size="sm" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <ButtonLink
        variant="default"
        size="sm"
        to="/exchange/$order_id"
        params={{ order_id: String(order_id) }}
        search={{ ...(orderKey !== undefined && { key: orderKey }), ...(only !== undefined && { ticket: only }) }}
      >
        {t('exchange_open')}
      </ButtonLink>
      <Dialog title={t('back.title')} open={open} onClose={close}>
        <Suspense fallback={<div className={`skeleton ${style.waiting}`} />}>
          <GiveBack
            order_id={order_id}
            orderKey={orderKey}
            tickets={tickets}
            first={first}
            onDone={() => setChanged(true)}
            onClose={close}
          />
        </Suspense>
      </Dialog>
    </div>
  )
}

export const isReturnable = ({ ticket }: OwnTicket, now_ms: number): boolean =>
  ticket.status === 'paid' && ticket.returnable_until !== null && Date.parse(ticket.returnable_until) > now_ms

type Props = { own: OwnTicket; all: OwnTicket[] }

/** Below a ticket in the account; the others of its order can go the same way in one go. */
export const TicketWays = ({ own, all }: Props) => {
  const { t } = useTranslation('returns')
  const [now] = useState(() => Date.now() + serverOffset())
  const { ticket } = own
  if (ticket.status !== 'paid' || ticket.returnable_until === null) return null
  if (!isReturnable(own, now)) return <p className="fine">{t('late')}</p>
  const tickets = all.filter((other) => other.ticket.order_id === ticket.order_id && isReturnable(other, now))
  return <Ways order_id={ticket.order_id} tickets={tickets} first={[ticket.id]} label={t('open')} />
}
