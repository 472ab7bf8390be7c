import { createChangeTicket } from './change-seat.ts'
import { createExtend } from './extend.ts'
import { createOrderReductions } from './promo-code.ts'
import { createReturnUseCases } from './return-use-cases.ts'

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
