import type { Reason } from '#modules/promotions/rules.ts'
import type { PromotionsService } from '#modules/promotions/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import { cinemasOf, type SignedIn } from '#platform/http/access.ts'
import { toMajor } from '#platform/money.ts'
import { findPaidOrders, type PaidOrder } from './promotion-try.statement.ts'
import type { PromotionTry, PromotionTryQuery } from './reductions.schemas.ts'

type Deps = { db: Db; promotions: PromotionsService }
type Tried = PaidOrder & { discount_minor: number; reason: Reason | null }

const MOST_ORDERS = 5_000
const SHOWN = 10

const countReasons = (tried: Tried[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(tried, ({ reason }) => reason)].flatMap(([reason, its]) => (reason === null ? [] : [[reason, its.length]])),
  )

/** What a promotion would have taken off orders that were paid lately, alone and as it is now; nothing is written. */
export const createPromotionTry =
  ({ db, promotions }: Deps) =>
  async (actor: SignedIn, id: number, { days, order_id }: PromotionTryQuery): Promise<PromotionTry> => {
    const promotion = await promotions.get(actor, id)
    const found = await findPaidOrders(db, { days, order_id, cinema_ids: cinemasOf(actor) }, MOST_ORDERS)
    const judgeOne = await promotions.tryOut(db, id)
    const tried = found.map((order): Tried => {
      const lines = order.lines.map((line, place) => ({ ...line, start_time: order.starts[place] ?? order.created_at }))
      const { amount_minor, reason } = judgeOne({ now: order.created_at, currency: order.currency, lines })
      return { ...order, discount_minor: amount_minor, reason }
    })
    const lowered = tried.filter(({ discount_minor }) => discount_minor > 0)
    return {
      promotion_id: promotion.id,
      orders: tried.length,
      lowered: lowered.length,
      people: new Set(lowered.map(({ buyer }) => buyer)).size,
      discount: toMajor(lowered.reduce((sum, { discount_minor }) => sum + discount_minor, 0)),
      reasons: countReasons(tried),
      largest: tried
        .toSorted((a, b) => b.discount_minor - a.discount_minor || b.id - a.id)
        .slice(0, SHOWN)
        .map(({ id: orderId, reference, user_id, created_at, total_minor, discount_minor, reason }) => ({
          order_id: orderId,
          reference,
          user_id,
          created_at,
          total: toMajor(total_minor),
          discount: toMajor(discount_minor),
          reason,
        })),
    }
  }
