import { sql } from 'kysely'

import type { PricedSchedule } from '#modules/pricing/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import type { Touch } from '#platform/realtime.ts'

const isAhead = sql`(s.status in ('scheduled', 'rescheduled') and s.start_time > app.now())`
const format = sql`case when s.format_imax then 'imax' when s.format_3d then '3d' else '2d' end`

/** The card in use that applies to a session; the database lets there be one at most. */
const cardOf = sql`
  select k.* from price_cards k
  where k.cinema_id = c.id and k.is_active and k.valid @> s.business_day
    and k.slots @> app.card_slot(${format}, extract(isodow from s.business_day)::int,
      app.day_minute((s.start_time at time zone c.timezone)::time))`

/** What the prices ask of the schedule when they change. The caller holds the cinema, or changes what is the same for all. */
export const createPricedSchedule = ({ touch }: { touch: Touch }): PricedSchedule => {
  /** A booking under way keeps the price that it was shown, so nobody waits for it; whoever moves a session does. */
  const lock = (tx: Tx, cinema_id: number | undefined) =>
    sql`
    select s.id from sessions s join halls h on h.id = s.hall_id
    where ${isAhead} and h.cinema_id = coalesce(${cinema_id ?? null}::bigint, h.cinema_id)
    order by s.id for no key update of s`.execute(tx)

  const findBare = async (tx: Tx, cinema_id: number): Promise<number[]> => {
    const { rows } = await sql<{ id: number }>`
      select s.id from sessions s join halls h on h.id = s.hall_id join cinemas c on c.id = h.cinema_id
      where ${isAhead} and c.id = ${cinema_id}
        and s.price_card_id is not null and not exists (${cardOf})
      order by s.start_time, s.id`.execute(tx)
    return rows.map(({ id }) => id)
  }

  const write = async (tx: Tx, cinema_id: number): Promise<number[]> => {
    const { rows } = await sql<{ id: number }>`
      with priced as (
        select s.id, k.id as price_card_id, k.base_price_minor, k.premium_price_minor, k.vip_price_minor
        from sessions s join halls h on h.id = s.hall_id join cinemas c on c.id = h.cinema_id
        cross join lateral (${cardOf}) k
        where s.price_card_id is not null and ${isAhead} and c.id = ${cinema_id}
      )
      update sessions s set version = s.version + 1,
        price_card_id = p.price_card_id,
        base_price_minor = p.base_price_minor,
        premium_price_minor = p.premium_price_minor,
        vip_price_minor = p.vip_price_minor
      from priced p where p.id = s.id
      returning s.id`.execute(tx)
    return rows.map(({ id }) => id)
  }

  return {
    repriceAhead: async (tx, cinema_id) => {
      await lock(tx, cinema_id)
      const bare = await findBare(tx, cinema_id)
      if (bare.length === 0) touch(tx, await write(tx, cinema_id))
      return bare
    },
    raiseAhead: async (tx, cinema_id) => {
      await lock(tx, cinema_id)
      const { rows } = await sql<{ id: number }>`
        update sessions s set version = s.version + 1 from halls h
        where h.id = s.hall_id and ${isAhead} and h.cinema_id = coalesce(${cinema_id ?? null}::bigint, h.cinema_id)
        returning s.id`.execute(tx)
      touch(
        tx,
        rows.map(({ id }) => id),
      )
    },
  }
}
