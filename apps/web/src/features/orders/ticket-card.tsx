import { Button } from '@mantine/core'
import { IconCalendarPlus, IconFileDownload, IconShare } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { FilmTitle, useFilmTitle } from '#features/films/film-title.tsx'
import { isApiError, type Shape } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import type { Ticket } from './api.ts'
import { saveTicketCalendar, saveTicketPdf } from './papers.ts'
import { formatShowing, useTimezone } from './place.ts'
import { Qr } from './qr.tsx'
import { useTypeName } from './ticket-types.ts'
import style from './ticket.module.css'

export type TicketSession = Pick<
  Shape<'Session'>,
  | 'id'
  | 'movie_id'
  | 'movie_title'
  | 'hall_name'
  | 'cinema_id'
  | 'cinema_name'
  | 'start_time'
  | 'end_time'
  | 'status'
  | 'currency'
>
type Props = {
  ticket: Ticket
  session: TicketSession | undefined
  orderKey?: string | undefined
  online?: boolean
  children?: ReactNode
}

const Big = ({ name, value }: { name: string; value: string | number }) => (
  <div className={style.big}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

const useShare = (ticket: Ticket, session: TicketSession | undefined, timezone: string) => {
  const { t } = useTranslation('orders')
  const title = useFilmTitle(session)
  return async () => {
    const text = t('done.share_text', {
      title,
      when: session ? formatShowing(session.start_time, timezone) : '',
      hall: session?.hall_name ?? '',
      row: ticket.seat_row,
      seat: ticket.seat_number,
      code: ticket.booking_reference,
    })
    if (typeof navigator.share === 'function') await navigator.share({ text }).catch(() => undefined)
    else {
      await navigator.clipboard.writeText(text)
      toast(t('done.shared'), 'good')
    }
  }
}

const Actions = ({ ticket, session, orderKey }: Props) => {
  const { t } = useTranslation('orders')
  const timezone = useTimezone(session?.cinema_id)
  const share = useShare(ticket, session, timezone)
  const keep = (paper: typeof saveTicketPdf) => {
    paper(ticket.id, ticket.booking_reference, orderKey).catch((error: unknown) => {
      toast(t(isApiError(error) && error.status === 0 ? 'checking.offline' : 'trouble.other'), 'bad')
    })
  }
  return (
    <div className={style.actions}>
      <Button
        variant="default"
        size="sm"
        leftSection={<IconCalendarPlus size={18} aria-hidden />}
        onClick={() => keep(saveTicketCalendar)}
      >
        {t('done.calendar')}
      </Button>
      <Button
        variant="default"
        size="sm"
        leftSection={<IconFileDownload size={18} aria-hidden />}
        onClick={() => keep(saveTicketPdf)}
      >
        {t('done.pdf')}
      </Button>
      <Button variant="default" size="sm" leftSection={<IconShare size={18} aria-hidden />} onClick={() => void share()}>
        {t('done.share')}
      </Button>
    </div>
  )
}

/** An object worth keeping: what to read at arm's length, a perforated edge, the code on a light field. */
export const TicketCard = ({ ticket, session, orderKey, online = true, children }: Props) => {
  const { t } = useTranslation('orders')
  const timezone = useTimezone(session?.cinema_id)
  const type = useTypeName()(ticket.ticket_type, '')
  const good = ticket.status === 'paid'
  return (
    <article
      className={style.ticket}
      data-good={good}
      aria-label={t('ticket.label', { row: ticket.seat_row, seat: ticket.seat_number })}
    >
      <div className={style.stub}>
        {session && (
          <>
            <h2>
              <FilmTitle of={session} />
            </h2>
            <p className={style.when}>
              <time dateTime={session.start_time}>{formatShowing(session.start_time, timezone)}</time>
            </p>
            <p className={style.soft}>{session.cinema_name}</p>
          </>
        )}
        <dl className={style.bigs}>
          <Big name={t('ticket.hall')} value={session?.hall_name ?? ''} />
          <Big name={t('ticket.row')} value={ticket.seat_row} />
          <Big name={t('ticket.seat')} value={ticket.seat_number} />
        </dl>
        {type !== '' && <p className={style.soft}>{type}</p>}
      </div>
      <div className={style.code}>
        {good && ticket.qr_code ? (
          <Qr code={ticket.qr_code} label={t('ticket.qr', { code: ticket.booking_reference })} />
        ) : (
          <p className={style.status}>{t(`ticket.status.${ticket.status}`)}</p>
        )}
        <p className={style.reference}>{ticket.booking_reference}</p>
      </div>
      {(good && online) || children ? (
        <div className={style.stub}>
          {good && online && <Actions ticket={ticket} session={session} orderKey={orderKey} />}
          {children}
        </div>
      ) : null}
    </article>
  )
}
