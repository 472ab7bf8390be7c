import { sql } from 'kysely'

import { hashToken } from '#modules/auth/tokens.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Device } from './device.ts'
import { networkOf } from './throttle.ts'

/** Two marks by which an account knows a device again. */
const placesOf = (device: Device): string[] => [
  `net:${networkOf(device)}`,
  ...(device.key === undefined ? [] : [`dev:${hashToken(device.key)}`]),
]

const NOBODY = 0

/**
 * The mark by which the account knows this device; the browser's own comes before that of its network, which it shares.
 * Asked for people who do not exist too, so that it takes as long.
 */
export const knownPlace = async (db: Db, user_id: number | undefined, device: Device): Promise<string | undefined> =>
  (
    await db
      .selectFrom('known_places')
      .select('place')
      .where('user_id', '=', user_id ?? NOBODY)
      .where('place', 'in', placesOf(device))
      .orderBy('place')
      .executeTakeFirst()
  )?.place

/** Notes where an account is used; answers when that was, if it was never used there and has been elsewhere. */
export const notePlace = async (tx: Db, user_id: number, device: Device): Promise<Date | undefined> => {
  const places = placesOf(device)
  const known = await tx.selectFrom('known_places').select('place').where('user_id', '=', user_id).execute()
  const [noted] = await tx
    .insertInto('known_places')
    .values(places.map((place) => ({ user_id, place })))
    .onConflict((conflict) => conflict.columns(['user_id', 'place']).doUpdateSet({ last_seen_at: sql<Date>`app.now()` }))
    .returning('last_seen_at')
    .execute()
  return known.length > 0 && !known.some(({ place }) => places.includes(place)) ? noted?.last_seen_at : undefined
}
