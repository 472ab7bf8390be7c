import { createOrderReductions } from '#modules/checkout/reductions/promo-code.ts'
import { createChangeTicket } from '#modules/checkout/reserve/change-seat.ts'
import { createExtend } from '#modules/checkout/reserve/extend.ts'
import { createReturnUseCases } from '#modules/checkout/return/return-use-cases.ts'

type Deps = Parameters<typeof createReturnUseCases>[0] &
  Parameters<typeof createChangeTicket>[0] &
  Parameters<typeof createExtend>[0] &
  Parameters<typeof createOrderReductions>[0]

/** What holders do with an order that there is: make it cheaper, sit elsewhere, exchange it, give it back. */
export const createChangeUseCases = (deps: Deps) => ({
  ...createOrderReductions(deps),
  ...createReturnUseCases(deps),
  changeTicket: createChangeTicket(deps),
  extend: createExtend(deps),
})
