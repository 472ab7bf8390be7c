import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { FilmTitle } from '#features/films/film-title.tsx'
import { sessionById } from '#features/hall/api.ts'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { useMay } from '../access.ts'
import style from '../staff.module.css'

/** Which screening tickets are for; whoever may change it is one step away. */
export const SaleScreening = ({ id }: { id: number }) => {
  const { data: session } = useQuery(sessionById(id))
  const timezone = useTimezone(session?.cinema_id)
  const mayChange = useMay('sessions.write')
  if (!session) return null
  return (
    <p>
      {mayChange ? (
        <Link to="/staff/screenings/$session_id" params={{ session_id: String(id) }}>
          <FilmTitle of={session} />
        </Link>
      ) : (
        <b>
          <FilmTitle of={session} />
        </b>
      )}{' '}
      <span className={style.soft}>
        {formatShowing(session.start_time, timezone)} · {session.hall_name} · {session.cinema_name}
      </span>
    </p>
  )
}
