import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { FilmTitle } from '#features/films/film-title.tsx'
import { keptTickets, type KeptTicket } from '#features/orders/kept-tickets.ts'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { TicketCard } from '#features/orders/ticket-card.tsx'
import { SessionNote } from '#features/returns/session-note.tsx'
import { TicketWays } from '#features/returns/ticket-ways.tsx'
import { isApiError } from '#lib/api.ts'
import style from './account.module.css'
import { myTickets } from './api.ts'

const byStart = (a: KeptTicket, b: KeptTicket) =>
  Date.parse(a.session.start_time) - Date.parse(b.session.start_time) || a.ticket.seat_number - b.ticket.seat_number

const isAhead = ({ ticket, session }: KeptTicket) =>
  Date.parse(session.end_time) > Date.now() && (ticket.status === 'paid' || ticket.status === 'used')

/** When something was kept on this device is told by its own clock. */
const OWN_CLOCK = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** What is kept on the device stands in when the server cannot be asked. */
const useTickets = () => {
  const { data, error, isPending } = useQuery(myTickets)
  if (data) return { tickets: data, saved_at: undefined, isPending: false, failed: false }
  const away = isApiError(error) && (error.status === 0 || error.status >= 500)
  const kept = away || isPending ? keptTickets() : undefined
  if (away && kept) return { tickets: kept.tickets, saved_at: kept.saved_at, isPending: false, failed: false }
  return { tickets: kept?.tickets, saved_at: undefined, isPending: isPending && !kept, failed: error !== null && !kept }
}

const PastTicket = ({ ticket, session }: KeptTicket) => {
  const { t } = useTranslation(['orders', 'hall'])
  const timezone = useTimezone(session.cinema_id)
  return (
    <li>
      <span>
        <b>
          <FilmTitle of={session} />
        </b>
        <small>{formatShowing(session.start_time, timezone)}</small>
      </span>
      <span>{t('hall:seat.short', { row: ticket.seat_row, seat: ticket.seat_number })}</span>
      <small>{t(`orders:ticket.status.${ticket.status}`)}</small>
    </li>
  )
}

const Past = ({ tickets }: { tickets: KeptTicket[] }) => {
  const { t } = useTranslation('account')
  if (tickets.length === 0) return <p className={style.soft}>{t('no_past')}</p>
  return (
    <ul className={style.past}>
      {tickets.map(({ ticket, session }) => (
        <PastTicket key={ticket.id} ticket={ticket} session={session} />
      ))}
    </ul>
  )
}

export const MyTickets = () => {
  const { t } = useTranslation('account')
  const { tickets, saved_at, isPending, failed } = useTickets()
  if (isPending) return <p role="status">{t('loading')}</p>
  if (failed || !tickets) return <p role="alert">{t('not_loaded')}</p>
  const ahead = tickets.filter(isAhead).toSorted(byStart)
  const past = tickets.filter((kept) => !isAhead(kept)).toSorted((a, b) => byStart(b, a))
  return (
    <>
      {saved_at !== undefined && (
        <p className={style.offline} role="status">
          {t('offline', { when: formatShowing(saved_at, OWN_CLOCK) })}
        </p>
      )}
      <section aria-labelledby="ahead">
        <h2 id="ahead">{t('upcoming')}</h2>
        {ahead.length === 0 ? (
          <div className={style.none}>
            <p>
              <b>{t('none')}</b> {t('none_hint')}
            </p>
            <Link to="/">{t('none_go')}</Link>
          </div>
        ) : (
          <div className={style.tickets}>
            {ahead.map(({ ticket, session }) => (
              <TicketCard key={ticket.id} ticket={ticket} session={session} online={saved_at === undefined}>
                {saved_at === undefined && (
                  <>
                    <SessionNote session={session} isValid={ticket.status === 'paid'} />
                    <TicketWays own={{ ticket, session }} all={ahead} />
                  </>
                )}
              </TicketCard>
            ))}
          </div>
        )}
      </section>
      {tickets.length > 0 && (
        <section aria-labelledby="past">
          <h2 id="past">{t('past')}</h2>
          <Past tickets={past} />
        </section>
      )}
    </>
  )
}
