import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import movies from './data/movies.json' with { type: 'json' }
import { demoHalls, type Programme } from './halls.ts'
import { EXTRA_3D, PREMIUM_EXTRA, VIP_EXTRA } from './prices.ts'
import { createRandom, type Random } from './random.ts'

const SCHEDULE_DAYS = 14

const MINUTES_PER_DAY = 24 * 60
const TRAILER_MINUTES = 10
const STEP_MINUTES = 5
const MINOR_PER_MAJOR = 100

type Film = (typeof movies)[number] & { id: number; length: number; min_age: number }
type Hall = { id: number; key: string; programme: Programme; opens: number; closes: number; today: string; planned: string[] }
type Day = { date: string; weekday: number }

/** A session as it will be written; `minute` counts on the cinema's wall clock from midnight of its day. */
type PlannedSession = {
  hall_id: number
  movie_id: number
  date: string
  minute: number
  length: number
  base: number
  premium: number
  vip: number
  language: string
  subtitles: string | null
  format_3d: boolean
  format_imax: boolean
  accessibility: Record<string, boolean>
}

export type AddedSession = {
  id: number
  hall_id: number
  start_time: Date
  end_time: Date
  business_day: string
  base_price_minor: number
  premium_price_minor: number
  vip_price_minor: number
  /** The card that its prices follow. */
  card?: { id: number; name: string } | null
}

const clock = (text: string) => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

const upToStep = (minutes: number) => Math.ceil(minutes / STEP_MINUTES) * STEP_MINUTES

const dayAfter = (today: string, days: number): Day => {
  const at = new Date(`${today}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return { date: at.toISOString().slice(0, 10), weekday: at.getUTCDay() }
}

/** Children's films end before the evening, and what is for adults begins after school. */
const suits = ({ min_age }: Film, minute: number) => {
  if (min_age <= 6) return minute < 19 * 60
  if (min_age >= 18) return minute >= 17 * 60
  return min_age < 16 || minute >= 12 * 60
}

const price = ({ weekday }: Day, minute: number, extra: number) => {
  const evening = minute >= 17 * 60
  const weekend = weekday === 0 || weekday === 6 || (weekday === 5 && evening)
  const base = (minute < 12 * 60 ? 160 : evening ? 220 : 190) + (weekend ? 20 : 0) + extra
  return {
    base: base * MINOR_PER_MAJOR,
    premium: (base + PREMIUM_EXTRA) * MINOR_PER_MAJOR,
    vip: (base + VIP_EXTRA) * MINOR_PER_MAJOR,
  }
}

const speech = (film: Film, originals: number, random: Random) => {
  if (film.language === 'uk') return { language: 'uk', subtitles: random.chance(0.3) ? 'en' : null }
  return random.chance(originals) ? { language: film.language, subtitles: 'uk' } : { language: 'uk', subtitles: null }
}

const toSession = (hall: Hall, day: Day, film: Film, minute: number, random: Random): PlannedSession => {
  const { formats, surcharge, originals } = hall.programme
  const format_3d = film.three_d && formats.includes('3d') && random.chance(0.5)
  return {
    hall_id: hall.id,
    movie_id: film.id,
    date: day.date,
    minute,
    length: film.length,
    ...price(day, minute, surcharge + (format_3d ? EXTRA_3D : 0)),
    ...speech(film, originals, random),
    format_3d,
    format_imax: formats.includes('imax'),
    accessibility: random.chance(0.1) ? { audio_description: true } : {},
  }
}

/** Earlier in the hall's list means more often; the same film again on one day, less. */
const choose = (films: Film[], played: Film[], random: Random): Film | undefined => {
  const weights = films.map(
    (film, index) =>
      (played.at(-1) === film ? 0.05 : 1) / (1 + index * 0.15) / (1 + 2 * played.filter((one) => one === film).length),
  )
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0)
  return films.find((_, index) => (left -= weights[index] ?? 0) < 0) ?? films.at(-1)
}

const planEvening = (hall: Hall, day: Day, films: Film[], random: Random): PlannedSession[] => {
  const { evenings } = hall.programme
  const film = choose(films, [], random)
  return film && evenings?.weekdays.includes(day.weekday) ? [toSession(hall, day, film, clock(evenings.at), random)] : []
}

const planDay = (hall: Hall, day: Day, films: Film[], cleaningMinutes: number): PlannedSession[] => {
  const random = createRandom(`${day.date} ${hall.key}`)
  if (hall.programme.evenings) return planEvening(hall, day, films, random)
  const sessions: PlannedSession[] = []
  const played: Film[] = []
  let minute = upToStep(hall.opens) + random.int(1, 8) * STEP_MINUTES
  for (;;) {
    const fitting = films.filter((film) => suits(film, minute) && minute + film.length <= hall.closes)
    const film = choose(fitting, played, random)
    if (!film) return sessions
    sessions.push(toSession(hall, day, film, minute, random))
    played.push(film)
    minute = upToStep(minute + film.length + cleaningMinutes) + random.int(0, 3) * STEP_MINUTES
  }
}

const readFilms = async (db: Db): Promise<Map<string, Film>> => {
  const { rows } = await sql<{ slug: string; id: number; minutes: number }>`
    select distinct on (f.slug) f.slug, m.id, m.duration_minutes as minutes
      from jsonb_to_recordset(${JSON.stringify(movies)}::jsonb) as f (slug text, title text, year integer)
      join movies m on m.title = f.title and m.release_year = f.year
     where m.is_active order by f.slug, m.id`.execute(db)
  return new Map(
    rows.flatMap(({ slug, id, minutes }) => {
      const film = movies.find((one) => one.slug === slug)
      return film
        ? [
            [
              slug,
              { ...film, id, length: upToStep(minutes + TRAILER_MINUTES), min_age: parseInt(film.certification, 10) },
            ] as const,
          ]
        : []
    }),
  )
}

/** The demo's halls as they are now, with the days from today on that already have a programme. */
const readHalls = async (db: Db, now: Date): Promise<Hall[]> => {
  const { rows } = await sql<{
    id: number
    key: string
    opening_time: string
    closing_time: string
    today: string
    planned: string[]
  }>`
    select h.id, c.name || ' ' || h.hall_number as key, c.opening_time, c.closing_time,
           (${now}::timestamptz at time zone c.timezone)::date as today,
           array(select distinct s.business_day::text from sessions s
                  where s.hall_id = h.id and s.business_day >= (${now}::timestamptz at time zone c.timezone)::date) as planned
      from halls h join cinemas c on c.id = h.cinema_id
     where h.is_active and c.is_active`.execute(db)
  return rows.flatMap(({ opening_time, closing_time, ...hall }) => {
    const data = demoHalls.find(({ cinema, number }) => `${cinema} ${number}` === hall.key)
    const opens = clock(opening_time)
    const closes = clock(closing_time)
    return data ? [{ ...hall, programme: data.programme, opens, closes: closes > opens ? closes : closes + MINUTES_PER_DAY }] : []
  })
}

const insertSessions = async (db: Db, planned: PlannedSession[], now: Date, cleaningMinutes: number): Promise<AddedSession[]> => {
  const { rows } = await sql<AddedSession>`
    with wanted as (
      select p.*, (p.date + make_interval(mins => p.minute)) at time zone c.timezone as starts,
             make_interval(mins => p.length) as lasts, c.timezone
        from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb)
          as p (hall_id bigint, movie_id bigint, date date, minute integer, length integer,
                base bigint, premium bigint, vip bigint, language text, subtitles text,
                format_3d boolean, format_imax boolean, accessibility jsonb)
        join halls h on h.id = p.hall_id join cinemas c on c.id = h.cinema_id)
    insert into sessions (hall_id, movie_id, start_time, end_time, occupies, business_day,
                          base_price_minor, premium_price_minor, vip_price_minor,
                          language, subtitles, format_3d, format_imax, accessibility)
    select hall_id, movie_id, starts, starts + lasts,
           tstzrange(starts, starts + lasts + make_interval(mins => ${cleaningMinutes}::integer)),
           ((starts at time zone timezone) - interval '6 hours')::date, base, premium, vip,
           language, subtitles, format_3d, format_imax, accessibility
      from wanted where starts > ${now}
     order by starts, hall_id
    on conflict do nothing
    returning id, hall_id, start_time, end_time, business_day, base_price_minor, premium_price_minor, vip_price_minor`.execute(db)
  return rows
}

/** Fills the days of the next fortnight on which a hall has nothing yet; what exists is never touched. */
export const topUpSessions = async (db: Db, now: Date, cleaningMinutes: number): Promise<AddedSession[]> => {
  const halls = await readHalls(db, now)
  const films = await readFilms(db)
  const planned = halls.flatMap((hall) => {
    const shown = hall.programme.films.flatMap((slug) => films.get(slug) ?? [])
    return Array.from({ length: SCHEDULE_DAYS }, (_, days) => dayAfter(hall.today, days))
      .filter(({ date }) => !hall.planned.includes(date))
      .flatMap((day) => planDay(hall, day, shown, cleaningMinutes))
  })
  return planned.length > 0 ? insertSessions(db, planned, now, cleaningMinutes) : []
}
