import { sql } from 'kysely'

import type { Db } from '#platform/db/kysely.ts'
import { demoCinemas } from './halls.ts'
import type { AddedSession } from './schedule.ts'

const MINOR_PER_MAJOR = 100
export const PREMIUM_EXTRA = 60
export const VIP_EXTRA = 120
export const EXTRA_3D = 20
const WEEKEND_EXTRA = 20

const parts = [
  { part: 'mornings', from_time: '06:00', to_time: '12:00', base: 160, weekdays: [1, 2, 3, 4, 5] },
  { part: 'afternoons', from_time: '12:00', to_time: '17:00', base: 190, weekdays: [1, 2, 3, 4, 5] },
  { part: 'evenings', from_time: '17:00', to_time: '06:00', base: 220, weekdays: [1, 2, 3, 4] },
] as const

const formats = [
  { format: '2d', extra: 0, named: '' },
  { format: '3d', extra: EXTRA_3D, named: ' in 3D' },
] as const

/** What halls without a surcharge cost; the others have prices of their own. A weekend begins on Friday evening. */
const cards = formats.flatMap(({ format, extra, named }) =>
  parts.flatMap(({ part, base, weekdays, ...hours }) => {
    const weekend = [1, 2, 3, 4, 5, 6, 7].filter((day) => !(weekdays as readonly number[]).includes(day))
    return [
      { ...hours, format, name: `Weekday ${part}${named}`, weekdays, price: base + extra },
      { ...hours, format, name: `Weekend ${part}${named}`, weekdays: weekend, price: base + WEEKEND_EXTRA + extra },
    ]
  }),
)

const WEB_FEE = 5
const VALID_FROM = '2020-01-01'

/** Price cards and a small booking fee of the demo's cinemas. */
export const seedPrices = async (db: Db): Promise<void> => {
  await sql`
    insert into price_cards (cinema_id, name, weekdays, from_time, to_time, formats, valid_from, base_price_minor, premium_price_minor, vip_price_minor)
    select c.id, k.name, array(select jsonb_array_elements_text(k.weekdays)::smallint), k.from_time, k.to_time, array[k.format], ${VALID_FROM}::date,
      k.price * ${MINOR_PER_MAJOR}, (k.price + ${PREMIUM_EXTRA}) * ${MINOR_PER_MAJOR}, (k.price + ${VIP_EXTRA}) * ${MINOR_PER_MAJOR}
    from cinemas c, jsonb_to_recordset(${JSON.stringify(cards)}::jsonb)
      as k (name text, weekdays jsonb, from_time time, to_time time, format text, price bigint)
    where c.name = any(${demoCinemas}::text[])`.execute(db)
  await sql`
    insert into cinema_price_rules (cinema_id, web_ticket_fee_minor)
    select id, ${WEB_FEE * MINOR_PER_MAJOR} from cinemas where name = any(${demoCinemas}::text[])`.execute(db)
}

/** Sessions that cost what their card says follow it from now on. */
export const takeCards = async (db: Db, added: AddedSession[]): Promise<AddedSession[]> => {
  const { rows } = await sql<{ id: number; card_id: number; name: string }>`
    update sessions s set price_card_id = k.id
    from halls h, cinemas c, price_cards k
    where s.id = any(${added.map(({ id }) => id)}::bigint[]) and h.id = s.hall_id and c.id = h.cinema_id and k.cinema_id = c.id and k.is_active
      and k.valid @> s.business_day
      and k.slots @> app.card_slot(case when s.format_imax then 'imax' when s.format_3d then '3d' else '2d' end,
        extract(isodow from s.business_day)::int, app.day_minute((s.start_time at time zone c.timezone)::time))
      and (k.base_price_minor, k.premium_price_minor, k.vip_price_minor) = (s.base_price_minor, s.premium_price_minor, s.vip_price_minor)
    returning s.id, k.id as card_id, k.name`.execute(db)
  const cardOf = new Map(rows.map(({ id, card_id, name }) => [id, { id: card_id, name }]))
  return added.map((session) => ({ ...session, card: cardOf.get(session.id) ?? null }))
}
