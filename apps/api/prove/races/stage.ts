import { createOrderKeySigner } from '#modules/orders/key.ts'
import type { Buyer } from '#platform/http/access.ts'
import { startTestApp } from '#testing/app.ts'
import { actorOf } from '#testing/factories.ts'
import { createBuying, createCharging, createFate, createSight } from './deeds.ts'
import { createPeople, createPlaces } from './places.ts'

/** A cinema for races: every round gets seats and people of its own, so that rounds may run side by side. */
export const createStage = async () => {
  const app = await startTestApp({ poolSize: 20 })
  const { db, checkout, given } = app
  const staff: Buyer = actorOf((await given.user({ role: 'manager' })).id, 'manager')

  return {
    app,
    db,
    checkout,
    staff,
    ...createPeople(db),
    keyOf: createOrderKeySigner(app.keys.tickets),
    charged: createCharging(app),
    ...(await createPlaces(app)),
    ...createBuying(checkout),
    ...createFate(app),
    ...createSight(db),
  }
}
export type Stage = Awaited<ReturnType<typeof createStage>>
