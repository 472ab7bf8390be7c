import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Switch } from '#features/account/fields.tsx'
import type { Order, Ticket } from '#features/orders/api.ts'
import { money } from '#features/orders/money.ts'
import { useTypeName } from '#features/orders/ticket-types.ts'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { useMay } from '../access.ts'
import { DeskRefusal } from '../desk-refusal.tsx'
import desk from '../desk.module.css'
import { Figures } from '../figures.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { type Quote, returnQuote, takeBack } from './api.ts'
import { SaleScreening } from './sale-screening.tsx'

type PickProps = { order: Order; tickets: Ticket[]; chosen: number[]; onChange: (ids: number[]) => void; mayReturn: boolean }

const isReturnable = ({ status }: Ticket) => status === 'paid'

/** Tickets of one screening; those that can go back are boxes to tick. */
const Tickets = ({ order, tickets, chosen, onChange, mayReturn }: PickProps) => {
  const { t } = useTranslation(['sales', 'hall', 'orders'])
  const typeName = useTypeName()
  return (
    <ul className={desk.tickets}>
      {tickets.map((ticket) => {
        const words = (
          <>
            <b>{t('hall:seat.place', { row: ticket.seat_row, seat: ticket.seat_number })}</b>
            <small>
              {typeName(ticket.ticket_type)} · {money(ticket.final_price, order.currency)} ·{' '}
              {t(`orders:ticket.status.${ticket.status}`)} · {ticket.booking_reference}
            </small>
          </>
        )
        return (
          <li key={ticket.id}>
            {mayReturn && isReturnable(ticket) ? (
              <label>
                <input
                  type="checkbox"
                  checked={chosen.includes(ticket.id)}
                  onChange={({ target }) =>
                    onChange(target.checked ? [...chosen, ticket.id] : chosen.filter((id) => id !== ticket.id))
                  }
                />
                <span>{words}</span>
              </label>
            ) : (
              <span>{words}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

const Sum = ({ quote }: { quote: Quote }) => {
  const { t } = useTranslation('sales')
  const sum = (amount: number) => (amount > 0 ? money(amount, quote.currency) : undefined)
  return (
    <Figures
      of={[
        [t('quote.items'), sum(quote.items)],
        [t('quote.fees'), sum(quote.fees)],
        [t('quote.tax'), sum(quote.tax)],
        [t('quote.lost_discount'), sum(quote.lost_discount)],
        [t('quote.charge'), sum(quote.charge)],
        [t('quote.refund'), money(quote.refund, quote.currency)],
      ]}
    />
  )
}

type FormProps = { order: Order; chosen: number[] }

const useReturn = (order: Order, chosen: number[]) => {
  const { t } = useTranslation('sales')
  const [key] = useState(() => crypto.randomUUID())
  const { busy, error, work } = useWork(['orders'], ['staff', 'sales'])
  const take = (quote: Quote, in_full: boolean, reason: string) =>
    work(
      () =>
        takeBack(order.id, `${key}-${chosen.join('-')}-${in_full}-${quote.refund}`, {
          ticket_ids: chosen,
          expected_refund: quote.refund,
          in_full,
          ...(reason !== '' && { reason }),
        }),
      t('quote.done'),
    )
  return { busy, error, take }
}

const ReturnForm = ({ order, chosen }: FormProps) => {
  const { t } = useTranslation('sales')
  const [inFull, setInFull] = useState(false)
  const [reason, setReason] = useState('')
  const { data: quote, error: noQuote, isFetching } = useQuery(returnQuote(order.id, chosen, inFull))
  const { busy, error, take } = useReturn(order, chosen)
  const beyond = inFull || quote?.tickets.some(({ beyond_policy }) => beyond_policy) === true
  const isOpen = quote !== undefined && !isFetching && (!beyond || reason.trim() !== '')
  return (
    <Form className={style.form} onSubmit={() => isOpen && take(quote, inFull, reason.trim())}>
      <Switch label={t('quote.in_full')} hint={t('quote.in_full_hint')} checked={inFull} onChange={setInFull} />
      <Field
        label={t(beyond ? 'quote.reason_needed' : 'quote.reason')}
        hint={t('quote.reason_hint')}
        maxLength={200}
        autoComplete="off"
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <div aria-live="polite">{quote && <Sum quote={quote} />}</div>
      <p className={style.soft}>{t('quote.consequence')}</p>
      <DeskRefusal error={error ?? noQuote ?? undefined} />
      <div className={style.buttons}>
        <Button type="submit" color="danger" loading={busy} disabled={!isOpen}>
          {quote ? t('quote.submit', { count: chosen.length, amount: money(quote.refund, quote.currency) }) : t('quote.counting')}
        </Button>
      </div>
    </Form>
  )
}

/** What the order holds, and the way back for it: the sum stands there first, then it is done. */
export const OrderReturn = ({ order }: { order: Order }) => {
  const { t } = useTranslation('sales')
  const mayReturn = useMay('tickets.manage')
  const [chosen, setChosen] = useState<number[]>([])
  const ids = chosen.toSorted((a, b) => a - b)
  const canReturn = mayReturn && order.tickets.some(isReturnable)
  return (
    <section className={style.section} aria-labelledby="tickets">
      <h2 id="tickets">{t('column.tickets')}</h2>
      {[...Map.groupBy(order.tickets, ({ session_id }) => session_id)].map(([session_id, tickets]) => (
        <div key={session_id} className={desk.answer}>
          <SaleScreening id={session_id} />
          <Tickets order={order} tickets={tickets} chosen={chosen} onChange={setChosen} mayReturn={mayReturn} />
        </div>
      ))}
      {canReturn && ids.length === 0 && <p className={style.soft}>{t('quote.choose')}</p>}
      {ids.length > 0 && <ReturnForm order={order} chosen={ids} />}
    </section>
  )
}
