import { useTranslation } from 'react-i18next'

import { useLanguage } from '#lib/use-language.ts'
import type { Order } from './api.ts'
import { money } from './money.ts'
import { useTypeName } from './ticket-types.ts'
import { traceWords, type TraceEntry } from './trace.ts'
import style from './why-this-price.module.css'

const Line = ({ entry, currency }: { entry: TraceEntry; currency: string }) => {
  const { t } = useTranslation('orders')
  const language = useLanguage()
  const typeName = useTypeName()
  return (
    <li className={style.line} data-off={entry.amount < 0}>
      <span>{traceWords(t, entry, typeName, language)}</span>
      <b>{money(entry.amount, currency)}</b>
    </li>
  )
}

/** Every part of every price with its reason, and the sum that is paid. */
export const PriceStory = ({ order }: { order: Order }) => {
  const { t } = useTranslation(['orders', 'hall'])
  const typeName = useTypeName()
  const { currency } = order
  const items = order.items.filter(({ is_canceled }) => !is_canceled)
  const ticketOf = (id: number | null) => order.tickets.find((ticket) => ticket.id === id)
  return (
    <div className={style.story}>
      {items.map((item) => {
        const ticket = ticketOf(item.ticket_id)
        return (
          <section key={item.id}>
            <h3>
              {ticket ? t('hall:seat.place', { row: ticket.seat_row, seat: ticket.seat_number }) : item.title}
              {ticket && ` · ${t(`hall:type.${ticket.seat_type}`)} · ${typeName(ticket.ticket_type)}`}
            </h3>
            <ul>
              {item.trace.map((entry) => (
                <Line key={entry.source} entry={entry} currency={currency} />
              ))}
            </ul>
          </section>
        )
      })}
      <ul>
        {order.trace
          .filter(({ amount }) => amount !== 0)
          .map((entry) => (
            <Line key={entry.source} entry={entry} currency={currency} />
          ))}
        <li className={`${style.line} ${style.sum}`}>
          <span>{t('why.total')}</span>
          <b>{money(order.total, currency)}</b>
        </li>
      </ul>
      {order.tax_included > 0 && (
        <p className={style.soft}>{t('why.tax_included', { amount: money(order.tax_included, currency) })}</p>
      )}
    </div>
  )
}
