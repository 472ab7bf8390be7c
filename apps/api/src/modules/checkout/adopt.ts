import type { BenefitSteps } from '#modules/checkout/reductions/benefit-steps.ts'
import { emailNotVerified, orderHasOwner, proofNeeded, unknownGuest } from '#modules/guests/errors.ts'
import type { GuestAdopt, GuestAdopted } from '#modules/guests/schemas.ts'
import type { GuestsService } from '#modules/guests/service.ts'
import { orderNotFound } from '#modules/orders/errors.ts'
import type { OrdersService, VerifyOrderKey } from '#modules/orders/service.ts'
import type { PromotionsService } from '#modules/promotions/service.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { UsersService } from '#modules/users/service.ts'
import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'

type Deps = {
  db: Db
  users: UsersService
  guests: GuestsService
  orders: OrdersService
  tickets: TicketsService
  benefits: BenefitSteps
  promotions: Pick<PromotionsService, 'nameOwner'>
  orderByKey: VerifyOrderKey
}
/** Ids begin at 1: a wrong key names an order that does not exist. */
const NO_ORDER = 0

/** Where a token came from: one that was sent must be known, one that a browser kept may have been forgotten here. */
export type GuestProof = { sent?: string | undefined; kept?: string | undefined; isWeb: boolean }

/**
 * Gives a guest's orders to an account: those of the guest whose token is shown, the one whose key is shown, or those
 * bought with a verified address. Holds stay as they are, even where both together are more than one may hold, and a
 * payment under way goes on: it settles an order, whoever owns it. What was paid earns points as if it had been theirs.
 */
export const createAdopt = ({ db, users, guests, orders, tickets, benefits, promotions, orderByKey }: Deps) => {
  const guestOf = async ({ sent, kept }: GuestProof): Promise<string | undefined> => {
    const guest = (sent && (await guests.byToken(sent))) || (kept && (await guests.byToken(kept))) || undefined
    if (sent && !guest) throw unknownGuest()
    return guest?.id
  }

  /** An order with a key that was not among those just locked: mine already, or out of reach. */
  const requireMine = async (tx: Tx, userId: number, orderId: number) => {
    const order = await orders.lock(tx, orderId)
    if (!order) throw orderNotFound()
    if (order.user_id !== userId) throw orderHasOwner()
  }

  return async ({ id: userId }: SignedIn, proof: GuestProof, body: GuestAdopt): Promise<GuestAdopted> => {
    const { order_key, verified_email } = body
    const guestId = await guestOf(proof)
    if (!guestId && !order_key && !verified_email) {
      if (proof.isWeb) return { order_ids: [] }
      throw proofNeeded()
    }
    const { email, is_verified } = await users.get(userId)
    if (verified_email && !is_verified) throw emailNotVerified()

    const order_id = order_key === undefined ? undefined : (orderByKey(order_key) ?? NO_ORDER)
    return transaction(db, async (tx) => {
      const found = await orders.lockOfGuests(tx, { order_id, guest_id: guestId, email: verified_email && email })
      const order_ids = found.map(({ id }) => id)
      if (order_id !== undefined && !order_ids.includes(order_id)) await requireMine(tx, userId, order_id)
      if (order_ids.length === 0) return { order_ids }
      await orders.giveTo(tx, order_ids, { id: userId, email })
      await tickets.giveTo(tx, order_ids, userId)
      for (const id of order_ids) await promotions.nameOwner(tx, id, userId)
      await guests.releaseGuests(tx, [...new Set(found.map(({ guest_id }) => guest_id))])
      for (const order of found) await benefits.earnAdopted(tx, order, userId)
      return { order_ids }
    })
  }
}
