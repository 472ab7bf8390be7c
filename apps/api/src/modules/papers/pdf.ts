import { setImmediate as breathe } from 'node:timers/promises'

import PDFDocument from 'pdfkit'

import { tryAgainLater } from '#platform/errors.ts'
import { oneLine, type PaperFacts } from './rules.ts'
import { drawTicket } from './ticket-page.ts'

const QUEUE_LIMIT = 50

const draw = async (tickets: PaperFacts[]): Promise<Buffer> => {
  const [first] = tickets
  const doc = new PDFDocument({
    autoFirstPage: false,
    ...(first && { lang: first.locale }),
    displayTitle: true,
    info: {
      Title: oneLine(`${first?.title ?? ''} ${first?.order_reference ?? ''}`),
      Author: 'Marquee',
      ...(first && { CreationDate: first.now }),
    },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject))
  for (const ticket of tickets) {
    drawTicket(doc, ticket)
    // Others are served between two pages.
    await breathe()
  }
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

/** Drawing keeps the process busy, so documents are made one after the other; past the limit people are told to come back. */
export const createPdfPress = () => {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async (tickets: PaperFacts[]): Promise<Buffer> => {
    if (waiting >= QUEUE_LIMIT)
      throw tryAgainLater('papers.busy', 'Too many tickets are being printed. Try again in a moment.', 2)
    waiting += 1
    const mine = last.then(() => draw(tickets)).finally(() => (waiting -= 1))
    last = mine.catch(() => undefined)
    return mine
  }
}
