import type { HallsService } from '#modules/halls/service.ts'
import type { PricingService } from '#modules/pricing/service.ts'
import { sessionNotFound } from '#modules/sessions/errors.ts'
import type { SessionsService } from '#modules/sessions/service.ts'
import type { Actor } from '#platform/http/access.ts'
import { toMajor } from '#platform/money.ts'
import { requireChannel } from './channel.ts'
import type { CheckoutOffers } from './offers.ts'
import type { Quote, QuoteCreate } from './quote.schemas.ts'
import { priceNew, selectSeats } from './selection.ts'

type Deps = { sessions: SessionsService; halls: HallsService; pricing: PricingService; offers: CheckoutOffers }

/** What seats would cost, by the same rules as a reservation of them, holding nothing: whether they are free is not asked. */
export const createQuote =
  ({ sessions, halls, pricing, offers }: Deps) =>
  async (actor: Actor, body: QuoteCreate, from: string): Promise<Quote> => {
    const session = await sessions.forBooking(body.session_id, { fresh: true })
    if (!session) throw sessionNotFound()
    requireChannel(actor, session, body.channel)
    const [plan, book] = await Promise.all([halls.plan(session.hall_id, session.plan_version), pricing.bookOf(session)])
    const ground = { session, plan, book }
    const lines = selectSeats(body, ground)
    const lowered = offers.weigh(await offers.read(actor, body, { from }), session, lines)
    const { priced } = priceNew(ground, lines, body.channel, lowered)
    return {
      session_id: session.id,
      currency: session.currency,
      lines: priced.lines.map((line) => ({
        seat_id: line.id,
        seat_row: line.seat_row,
        seat_number: line.seat_number,
        seat_type: line.seat_type,
        ticket_type: line.ticket_type,
        price: toMajor(line.price_minor),
        discount: toMajor(line.discount_minor),
        total: toMajor(line.total_minor),
        trace: line.trace,
      })),
      subtotal: toMajor(priced.subtotal_minor),
      discount: toMajor(priced.discount_minor),
      fees: toMajor(priced.fees_minor),
      tax: toMajor(priced.tax_minor),
      tax_included: toMajor(priced.tax_included_minor),
      total: toMajor(priced.total_minor),
      trace: priced.trace,
    }
  }
