import { createCancelQuote } from './cancel-quote.ts'
import { createCancel } from './cancel.ts'
import { createChangeTicket } from './change-seat.ts'
import { createExchangeDraft } from './exchange-draft.ts'
import { createExchange } from './exchange.ts'
import { createExtend } from './extend.ts'
import { createOrderReductions } from './promo-code.ts'

type DepsOf<Create extends (deps: never) => unknown> = Parameters<Create>[0]
type Deps = DepsOf<typeof createCancel> &
  DepsOf<typeof createChangeTicket> &
  DepsOf<typeof createExchangeDraft> &
  DepsOf<typeof createExtend> &
  DepsOf<typeof createOrderReductions> &
  Omit<DepsOf<typeof createExchange>, 'drafting'>

/** What holders do with an order that there is: make it cheaper, sit elsewhere, exchange it, give it back. */
export const createChangeUseCases = (deps: Deps) => {
  const cancel = createCancel(deps)
  return {
    ...createOrderReductions(deps),
    cancelTicket: cancel.ticket,
    cancelOrder: cancel.order,
    cancellationQuote: createCancelQuote(deps),
    exchange: createExchange({ ...deps, drafting: createExchangeDraft(deps) }),
    changeTicket: createChangeTicket(deps),
    extend: createExtend(deps),
  }
}
