import type { Receipt } from '#modules/receipts/schemas.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Locale } from '#platform/i18n.ts'
import type { Log } from '#platform/log.ts'
import { writeCalendar } from './calendar.ts'
import { ofOrder, ofTicket, readPaperFacts } from './facts.statement.ts'
import type { PdfPress } from './pdf.ts'
import type { PaperFacts } from './rules.ts'

type Deps = { db: Db; log: Log; publicUrl: string }

/** The press and its fonts weigh more than all other modules: a process that prints nothing does not load them. */
const createPress = () => {
  let press: Promise<PdfPress> | undefined
  return () => (press ??= import('./pdf.ts').then(({ createPdfPress }) => createPdfPress()))
}

/** Tickets on paper and in calendars, for who may have them: whoever calls has asked that. */
export const createDrawing = ({ db, log, publicUrl }: Deps) => {
  const press = createPress()
  const host = new URL(publicUrl).hostname

  /** The tickets of an order to one session are one visit. */
  const visitsOf = (tickets: PaperFacts[]) =>
    [...Map.groupBy(tickets, ({ session_id }) => session_id)].map(([session_id, its]) => ({
      uid: `order-${its[0]?.order_id}-session-${session_id}@${host}`,
      // Holds that nobody paid are no part of a visit.
      tickets: its.filter(({ status }) => status !== 'reserved' && status !== 'expired'),
    }))

  const orderCalendar = (tickets: PaperFacts[]) => writeCalendar(visitsOf(tickets))

  return {
    ticket: async (id: number, asked?: Locale) => (await readPaperFacts(db, ofTicket(id), asked))[0],
    order: (id: number, asked?: Locale) => readPaperFacts(db, ofOrder(id), asked),
    print: async (tickets: [PaperFacts, ...PaperFacts[]]) => (await press()).tickets(tickets),
    printReceipt: async (receipt: Receipt, locale: Locale) => (await press()).receipt(receipt, locale),
    ticketCalendar: (ticket: PaperFacts) => writeCalendar([{ uid: `ticket-${ticket.id}@${host}`, tickets: [ticket] }]),
    orderCalendar,

    /**
     * What a mail about an order carries: an entry for the calendar. The tickets themselves stand in the mail with their
     * codes, and its link leads to the PDF: drawing one for each mail would take a tenth of a second of everybody's time.
     * A mail is more than its enclosures: it leaves without them when they fail.
     */
    enclose: async (order_id: number) => {
      try {
        const tickets = await readPaperFacts(db, ofOrder(order_id))
        const filename = `marquee-${tickets[0]?.order_reference ?? ''}.ics`
        const contentType = 'text/calendar; charset=utf-8; method=PUBLISH'
        return [{ filename, contentType, content: Buffer.from(orderCalendar(tickets)) }]
      } catch (error) {
        log.error({ err: error, order_id }, 'a mail leaves without its enclosures')
        return []
      }
    },
  }
}
export type Drawing = ReturnType<typeof createDrawing>
