import type { Receipt } from '#modules/receipts/schemas.ts'
import { type Locale, translator } from '#platform/i18n.ts'
import { createLettering, type Lettering, type Style } from './lettering.ts'
import { oneLine } from './rules.ts'

const PAGE = { width: 419.53, height: 595.28 }
const MARGIN = 36
const INNER = PAGE.width - 2 * MARGIN
const RIGHT = PAGE.width - MARGIN
const BOTTOM = PAGE.height - MARGIN
const [INK, SEPIA] = ['#14110F', '#6B5F52']

const plain = (size: number, color = INK): Style => ({ weight: 'plain', size, color })
const bold = (size: number, color = INK): Style => ({ weight: 'bold', size, color })

const wordsOf = (receipt: Receipt, locale: Locale) => {
  const t = translator(locale)
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency: receipt.currency, currencyDisplay: 'narrowSymbol' })
  return {
    t,
    money: (amount: number) => money.format(amount),
    percent: (share: number) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(share / 100),
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Kyiv' }).format(
      new Date(receipt.issued_at),
    ),
  }
}
type Words = ReturnType<typeof wordsOf>
type Pen = { letters: Lettering; room: (height: number) => number }

const pair = ({ letters, room }: Pen, left: string, right: string, style: Style) => {
  const y = room(style.size + 6)
  const width = letters.widthOf(right, style)
  letters.line(letters.fit(oneLine(left), INNER - width - 12, style), MARGIN, y, style)
  letters.line(right, RIGHT, y, style, 'right')
}

const drawHead = (pen: Pen, { seller, kind, label, order_reference }: Receipt, { t, date }: Words) => {
  const { letters, room } = pen
  letters.line(t(`receipt.${kind}`, { label }), MARGIN, room(30), bold(17))
  letters.line(date, MARGIN, room(16), plain(9.5, SEPIA))
  letters.line(t('receipt.order', { reference: order_reference }), MARGIN, room(14), plain(9.5, SEPIA))
  room(8)
  letters.line(letters.fit(oneLine(seller.legal_name), INNER, bold(11)), MARGIN, room(16), bold(11))
  const details = [seller.tax_number && t('receipt.tax_number', { number: seller.tax_number }), seller.legal_address]
  for (const detail of details)
    if (detail) letters.line(letters.fit(oneLine(detail), INNER, plain(9.5)), MARGIN, room(14), plain(9.5))
  room(12)
}

const drawLines = (pen: Pen, { lines }: Receipt, { t, money }: Words) => {
  for (const { kind, title, booking_reference, price, discount, amount } of lines) {
    pair(pen, kind === 'fees' ? t('receipt.fees') : title, money(amount), bold(10))
    const told = [
      booking_reference && t('ticket.reference') + ' ' + booking_reference,
      kind === 'ticket' && t('receipt.price', { price: money(price) }),
      discount > 0 && t('receipt.discount', { discount: money(discount) }),
    ].filter(Boolean)
    if (told.length > 0) pen.letters.line(told.join(' · '), MARGIN, pen.room(13), plain(8.5, SEPIA))
    pen.room(4)
  }
}

/** A receipt or a credit note on as many pages as it takes. */
export const drawReceipt = (doc: PDFKit.PDFDocument, receipt: Receipt, locale: Locale) => {
  const letters = createLettering(doc)
  let y = PAGE.height
  const room = (height: number) => {
    if (y + height > BOTTOM) {
      doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 })
      y = MARGIN
    }
    y += height
    return y
  }
  const [pen, words] = [{ letters, room }, wordsOf(receipt, locale)]
  drawHead(pen, receipt, words)
  drawLines(pen, receipt, words)
  room(6)
  pair(pen, words.t(`receipt.total_${receipt.kind}`), words.money(receipt.amount), bold(14))
  for (const { name, percent, amount } of receipt.taxes)
    pair(pen, percent === null ? name : `${name} ${words.percent(percent)}`, words.money(amount), plain(9.5))
}
