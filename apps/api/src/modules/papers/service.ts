import type { CheckoutService } from '#modules/checkout/service.ts'
import type { ReceiptsService } from '#modules/receipts/service.ts'
import { notPaid, ticketNotFound } from '#modules/tickets/errors.ts'
import type { TicketsService } from '#modules/tickets/service.ts'
import type { Holder } from '#platform/http/access.ts'
import type { Locale } from '#platform/i18n.ts'
import type { Drawing } from './drawing.ts'
import { asFile, isGood, type PaperFacts, refusalOf } from './rules.ts'

type Deps = { drawing: Drawing; tickets: TicketsService; checkout: CheckoutService; receipts: Pick<ReceiptsService, 'get'> }
export type Paper = { disposition: string; content: Buffer | string }

/** Tickets to print, to keep and to put into a calendar. Who may have them is asked of tickets and orders. */
export const createPapersService = ({ drawing, tickets, checkout, receipts }: Deps) => {
  const ownTicket = async (actor: Holder, id: number, asked?: Locale): Promise<PaperFacts> => {
    await tickets.get(actor, id)
    const found = await drawing.ticket(id, asked)
    if (!found) throw ticketNotFound()
    return found
  }

  const ownOrder = async (actor: Holder, id: number, asked?: Locale): Promise<[PaperFacts, ...PaperFacts[]]> => {
    await checkout.order(actor, id)
    const [first, ...others] = await drawing.order(id, asked)
    if (!first) throw notPaid()
    return [first, ...others]
  }

  return {
    ticketPdf: async (actor: Holder, id: number, asked?: Locale): Promise<Paper> => {
      const ticket = await ownTicket(actor, id, asked)
      const refusal = refusalOf(ticket)
      if (refusal) throw refusal
      return {
        disposition: asFile(ticket.title, ticket.booking_reference, 'pdf'),
        content: await drawing.print([ticket]),
      }
    },

    /** Every ticket of the order that opens a door, a page each. */
    orderPdf: async (actor: Holder, id: number, asked?: Locale): Promise<Paper> => {
      const all = await ownOrder(actor, id, asked)
      const [first = all[0], ...others] = all.filter(isGood)
      const refusal = refusalOf(first)
      if (refusal) throw refusal
      return {
        disposition: asFile(first.title, first.order_reference, 'pdf'),
        content: await drawing.print([first, ...others]),
      }
    },

    ticketCalendar: async (actor: Holder, id: number, asked?: Locale): Promise<Paper> => {
      const ticket = await ownTicket(actor, id, asked)
      if (ticket.status === 'reserved' || ticket.status === 'expired') throw refusalOf(ticket) ?? notPaid()
      return {
        disposition: asFile(ticket.title, ticket.booking_reference, 'ics'),
        content: drawing.ticketCalendar(ticket),
      }
    },

    receiptPdf: async (actor: Holder, id: number, asked?: Locale): Promise<Paper> => {
      const receipt = await receipts.get(actor, id)
      return { disposition: asFile('', receipt.label, 'pdf'), content: await drawing.printReceipt(receipt, asked ?? 'uk') }
    },

    /** One entry for each session of the order. */
    orderCalendar: async (actor: Holder, id: number, asked?: Locale): Promise<Paper> => {
      const all = await ownOrder(actor, id, asked)
      if (all.every(({ status }) => status === 'reserved' || status === 'expired')) throw refusalOf(all[0]) ?? notPaid()
      return { disposition: asFile(all[0].title, all[0].order_reference, 'ics'), content: drawing.orderCalendar(all) }
    },
  }
}
export type PapersService = ReturnType<typeof createPapersService>
