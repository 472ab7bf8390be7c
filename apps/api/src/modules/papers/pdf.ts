import { setImmediate as breathe } from 'node:timers/promises'

import PDFDocument from 'pdfkit'

import type { Receipt } from '#modules/receipts/schemas.ts'
import { tryAgainLater } from '#platform/errors.ts'
import type { Locale } from '#platform/i18n.ts'
import { drawReceipt } from './receipt-page.ts'
import { oneLine, type PaperFacts } from './rules.ts'
import { drawTicket } from './ticket-page.ts'

const QUEUE_LIMIT = 50

type Document = { locale: Locale; title: string; created_at: Date }

const draw = async ({ locale, title, created_at }: Document, pages: ((doc: PDFKit.PDFDocument) => void)[]): Promise<Buffer> => {
  const doc = new PDFDocument({
    autoFirstPage: false,
    lang: locale,
    displayTitle: true,
    info: { Title: oneLine(title), Author: 'Marquee', CreationDate: created_at },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject))
  for (const page of pages) {
    page(doc)
    // Others are served between two pages.
    await breathe()
  }
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

const drawTickets = (tickets: [PaperFacts, ...PaperFacts[]]) => {
  const [{ locale, title, order_reference, now: created_at }] = tickets
  return draw(
    { locale, title: `${title} ${order_reference}`, created_at },
    tickets.map((ticket) => (doc) => drawTicket(doc, ticket)),
  )
}

/** Drawing keeps the process busy, so documents are made one after the other; past the limit people are told to come back. */
export const createPdfPress = () => {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  const queue = (work: () => Promise<Buffer>): Promise<Buffer> => {
    if (waiting >= QUEUE_LIMIT)
      throw tryAgainLater('papers.busy', 'Too many tickets are being printed. Try again in a moment.', 2)
    waiting += 1
    const mine = last.then(work).finally(() => (waiting -= 1))
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    tickets: async (tickets: [PaperFacts, ...PaperFacts[]]) => queue(() => drawTickets(tickets)),
    receipt: async (receipt: Receipt, locale: Locale) =>
      queue(() =>
        draw({ locale, title: receipt.label, created_at: receipt.issued_at }, [(doc) => drawReceipt(doc, receipt, locale)]),
      ),
  }
}
export type PdfPress = ReturnType<typeof createPdfPress>
