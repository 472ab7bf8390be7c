import { type RawBuilder, sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import type { Locale } from '#platform/i18n.ts'
import type { PaperFacts } from './rules.ts'

export const ofTicket = (id: number) => sql<boolean>`t.id = ${id}`
export const ofOrder = (id: number) => sql<boolean>`t.order_id = ${id}`

/** What papers about tickets say, in the language asked for or that of the order; by session and id. */
export const readPaperFacts = async (db: Db, which: RawBuilder<boolean>, asked?: Locale): Promise<PaperFacts[]> => {
  const { rows } = await sql<PaperFacts>`
    select l.locale, t.id, t.order_id, t.session_id, t.seat_row, t.seat_number, t.seat_type, t.booking_reference, t.qr_code, t.final_price_minor,
      (select coalesce(y.names ->> l.locale, y.code) from ticket_types y where y.code = t.ticket_type and not y.is_default) as type_name,
      case when t.status = 'reserved' and o.expires_at <= app.now() then 'expired' else t.status end as status,
      o.reference as order_reference, o.currency,
      coalesce(m.translations -> l.locale ->> 'title', m.title) as title, m.duration_minutes, a.name as certification,
      s.start_time, s.end_time, s.version, s.status as session_status, s.language, s.subtitles, s.format_3d, s.format_imax,
      h.name as hall, c.name as cinema, c.address || ', ' || c.city as address, c.timezone, app.now() as now
    from tickets t
    join orders o on o.id = t.order_id
    cross join lateral (select coalesce(${asked ?? null}::text, o.locale) as locale) l
    join sessions s on s.id = t.session_id
    join movies m on m.id = s.movie_id
    left join certifications a on a.id = m.certification_id
    join halls h on h.id = s.hall_id
    join cinemas c on c.id = h.cinema_id
    where ${which}
    order by s.start_time, t.session_id, t.id`.execute(db)
  return rows
}
