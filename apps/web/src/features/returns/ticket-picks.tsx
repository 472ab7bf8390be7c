import { useTranslation } from 'react-i18next'

import { FilmTitle } from '#features/films/film-title.tsx'
import type { Ticket } from '#features/orders/api.ts'
import { money } from '#features/orders/money.ts'
import option from '#features/orders/option.module.css'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import type { TicketSession } from '#features/orders/ticket-card.tsx'
import { useTypeName } from '#features/orders/ticket-types.ts'
import style from './returns.module.css'

export type OwnTicket = { ticket: Ticket; session: TicketSession | undefined }

type PickProps = OwnTicket & { checked: boolean; note: string | undefined; currency: string; onChange: () => void }

const Pick = ({ ticket, session, checked, note, currency, onChange }: PickProps) => {
  const { t } = useTranslation(['returns', 'hall'])
  const typeName = useTypeName()
  return (
    <label className={`${option.option} ${style.pick}`}>
      <input type="checkbox" checked={checked} onChange={onChange} />
      <span>
        {t('hall:seat.place', { row: ticket.seat_row, seat: ticket.seat_number })}
        <small>
          {typeName(ticket.ticket_type)}
          {session && ` · ${session.hall_name}`}
        </small>
        {note !== undefined && <small className={style.note}>{note}</small>}
      </span>
      <b>{money(ticket.final_price, currency)}</b>
    </label>
  )
}

const Showing = ({ session }: { session: TicketSession }) => {
  const timezone = useTimezone(session.cinema_id)
  return (
    <p className={style.showing}>
      <b>
        <FilmTitle of={session} />
      </b>{' '}
      <span>{formatShowing(session.start_time, timezone)}</span>
    </p>
  )
}

type Props = {
  legend: string
  tickets: OwnTicket[]
  chosen: number[]
  onChosen: (ids: number[]) => void
  note: (id: number) => string | undefined
  /** Only tickets of one screening together. */
  together?: boolean
}

const CURRENCY = 'UAH'

/** Which tickets it is about, screening by screening. */
export const TicketPicks = ({ legend, tickets, chosen, onChosen, note, together = false }: Props) => {
  const groups = [...Map.groupBy(tickets, ({ ticket }) => ticket.session_id)]
  const toggle = (id: number, group: number[]) => {
    if (chosen.includes(id)) return onChosen(chosen.filter((other) => other !== id))
    return onChosen([...(together ? chosen.filter((other) => group.includes(other)) : chosen), id])
  }
  return (
    <fieldset className={`${option.options} ${style.picks}`}>
      <legend>{legend}</legend>
      {groups.map(([session_id, own]) => (
        <div key={session_id}>
          {own[0]?.session && <Showing session={own[0].session} />}
          {own.map(({ ticket, session }) => (
            <Pick
              key={ticket.id}
              ticket={ticket}
              session={session}
              checked={chosen.includes(ticket.id)}
              note={note(ticket.id)}
              currency={session?.currency ?? CURRENCY}
              onChange={() =>
                toggle(
                  ticket.id,
                  own.map((one) => one.ticket.id),
                )
              }
            />
          ))}
        </div>
      ))}
    </fieldset>
  )
}
