import { createExchangeDraft } from '#modules/checkout/exchange/exchange-draft.ts'
import { createExchange } from '#modules/checkout/exchange/exchange.ts'
import { createCancelQuote } from './cancel-quote.ts'
import { createCancel } from './cancel.ts'
import { createRefundDesk } from './refund-desk.ts'

type Deps = Parameters<typeof createCancel>[0] &
  Parameters<typeof createCancelQuote>[0] &
  Parameters<typeof createExchangeDraft>[0] &
  Omit<Parameters<typeof createExchange>[0], 'drafting'> &
  Parameters<typeof createRefundDesk>[0]

/** What was bought and is given up, or given for something else. */
export const createReturnUseCases = (deps: Deps) => {
  const { ticket: cancelTicket, order: cancelOrder } = createCancel(deps)
  return {
    cancelTicket,
    cancelOrder,
    cancellationQuote: createCancelQuote(deps),
    exchange: createExchange({ ...deps, drafting: createExchangeDraft(deps) }),
    refunds: createRefundDesk(deps),
  }
}
