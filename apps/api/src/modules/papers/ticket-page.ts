import encodeQR from 'qr'

import { type Locale, translator } from '#platform/i18n.ts'
import { toMajor } from '#platform/money.ts'
import { createLettering, type Lettering, type Style } from './lettering.ts'
import { oneLine, type PaperFacts } from './rules.ts'

/** A third of A4, as cinema tickets have always been; in points. */
export const PAGE = { width: 280.63, height: 595.28 }
const MARGIN = 24
const INNER = PAGE.width - 2 * MARGIN
const TEAR = 262
const INK = '#14110F'
const IVORY = '#FBF7F0'
const AMBER = '#F5A524'
const DUST = '#B9AC9A'
const SEPIA = '#6B5F52'
const QR_SIDE = 172
const QR_TOP = 362
/** Modules of light around the code, as its standard asks. */
const QUIET = 4

const plain = (size: number, color: string): Style => ({ weight: 'plain', size, color })
const bold = (size: number, color: string): Style => ({ weight: 'bold', size, color })

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1)

const languageName = (tag: string, locale: Locale) => {
  const [base = tag] = tag.split('-')
  return new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' }).of(base) ?? tag
}

const wordsOf = (ticket: PaperFacts) => {
  const { locale, start_time, timezone: timeZone, currency, language, subtitles } = ticket
  const t = translator(locale)
  const when = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(start_time)
  const spoken = t('ticket.language', { language: languageName(language, locale) })
  const written = subtitles && t('ticket.subtitles', { language: languageName(subtitles, locale) })
  return {
    t,
    time: when({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    weekday: capital(when({ weekday: 'long' })),
    // Without the abbreviation of "year" that Ukrainian and Russian put behind it.
    date: when({ day: 'numeric', month: 'long', year: 'numeric' }).replace(/\s[рг]\.$/u, ''),
    shown: [
      ticket.format_imax && 'IMAX',
      ticket.format_3d && '3D',
      t('ticket.minutes', { minutes: ticket.duration_minutes }),
      spoken,
      written,
    ]
      .filter(Boolean)
      .join(' · '),
    price: new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
      toMajor(ticket.final_price_minor),
    ),
  }
}
type Words = ReturnType<typeof wordsOf>

const drawBadge = (doc: PDFKit.PDFDocument, letters: Lettering, text: string) => {
  const style = bold(11, IVORY)
  const width = letters.widthOf(text, style) + 14
  doc
    .roundedRect(PAGE.width - MARGIN - width, 24, width, 20, 5)
    .lineWidth(1.2)
    .strokeColor(IVORY)
    .stroke()
  letters.line(text, PAGE.width - MARGIN - width / 2, 38, style, 'center')
}

/** The dark of the hall: what, when and where. */
const drawFilm = (doc: PDFKit.PDFDocument, letters: Lettering, ticket: PaperFacts, words: Words) => {
  doc.rect(0, 0, PAGE.width, TEAR).fill(INK)
  doc.roundedRect(MARGIN, 26, 20, 16, 3).lineWidth(2).strokeColor(AMBER).stroke()
  doc.moveTo(29, 31.5).lineTo(39, 31.5).moveTo(29, 36.5).lineTo(36, 36.5).lineCap('round').lineWidth(1.8).stroke()
  letters.line('marquee', MARGIN + 28, 38.5, bold(13, IVORY))
  if (ticket.certification) drawBadge(doc, letters, oneLine(ticket.certification))

  const style = { weight: 'bold', color: IVORY } as const
  const title = letters.block(oneLine(ticket.title), INNER, [[30, 2], [25, 2], [21, 3], [17, 4], [14, 4]], style) // prettier-ignore
  const leading = title.size * 1.16
  const top = 72 + title.size * 0.76
  for (const [index, text] of title.lines.entries())
    letters.line(text, MARGIN, top + index * leading, { ...style, size: title.size })
  const under = top + (title.lines.length - 1) * leading + 21
  letters.line(letters.fit(words.shown, INNER, plain(8.6, DUST)), MARGIN, under, plain(8.6, DUST))

  letters.line(words.time, MARGIN, 205, bold(40, AMBER))
  const beside = MARGIN + letters.widthOf(words.time, bold(40, AMBER)) + 14
  const room = PAGE.width - MARGIN - beside
  for (const [index, text] of [words.weekday, words.date].entries())
    letters.line(letters.fit(text, room, bold(11.5, IVORY)), beside, 190 + index * 15, bold(11.5, IVORY))
  letters.line(letters.fit(oneLine(ticket.cinema), INNER, bold(11, IVORY)), MARGIN, 230, bold(11, IVORY))
  letters.line(letters.fit(oneLine(ticket.address), INNER, plain(8.6, DUST)), MARGIN, 244, plain(8.6, DUST))
}

const drawTear = (doc: PDFKit.PDFDocument) => {
  doc.circle(0, TEAR, 9).circle(PAGE.width, TEAR, 9).fill('#FFFFFF')
  for (let x = 16; x < PAGE.width - 12; x += 7.3) doc.circle(x, TEAR, 1.3)
  doc.fill('#FFFFFF')
}

const drawSeat = (letters: Lettering, ticket: PaperFacts, { t }: Words) => {
  const columns = [
    { label: t('ticket.row'), text: ticket.seat_row, x: MARGIN, width: 70 },
    { label: t('ticket.seat'), text: String(ticket.seat_number), x: MARGIN + 78, width: 70 },
  ]
  for (const { label, text, x, width } of columns) {
    letters.line(label, x, 286, plain(9, SEPIA))
    const { size, lines } = letters.block(oneLine(text), width, [[46, 1], [34, 1], [24, 1], [14, 1]], bold(0, INK)) // prettier-ignore
    letters.line(lines[0] ?? '', x, 328, bold(size, INK))
  }
  const [x, width] = [MARGIN + 156, INNER - 156]
  letters.line(t('ticket.hall'), x, 286, plain(9, SEPIA))
  const hall = letters.block(oneLine(ticket.hall), width, [[16, 2], [12, 3], [9, 3]], bold(0, INK)) // prettier-ignore
  for (const [index, text] of hall.lines.entries()) letters.line(text, x, 305 + index * hall.size * 1.2, bold(hall.size, INK))
  const kinds = [capital(t(`seat_type.${ticket.seat_type}`)), ...(ticket.type_name === null ? [] : [oneLine(ticket.type_name)])]
  letters.line(letters.fit(kinds.join(' · '), INNER, plain(9, SEPIA)), MARGIN, 346, plain(9, SEPIA))
}

/** The code as squares on white, row by row: no picture that a printer could blur. */
const drawCode = (doc: PDFKit.PDFDocument, code: string) => {
  const matrix = encodeQR(code, 'raw', { ecc: 'medium', border: QUIET })
  const unit = QR_SIDE / matrix.length
  const left = (PAGE.width - QR_SIDE) / 2
  doc.rect(left, QR_TOP, QR_SIDE, QR_SIDE).fill('#FFFFFF')
  for (const [y, row] of matrix.entries())
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue
      const end = row.indexOf(false, x)
      doc.rect(left + x * unit, QR_TOP + y * unit, (end - x) * unit, unit)
      x = end
    }
  doc.fill('#000000')
}

/** One ticket on a page of its own. */
export const drawTicket = (doc: PDFKit.PDFDocument, ticket: PaperFacts) => {
  doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 })
  const letters = createLettering(doc)
  const words = wordsOf(ticket)
  doc.rect(0, 0, PAGE.width, PAGE.height).fill(IVORY)
  drawFilm(doc, letters, ticket, words)
  drawTear(doc)
  drawSeat(letters, ticket, words)
  if (ticket.qr_code) drawCode(doc, ticket.qr_code)
  letters.line(words.t('ticket.show_code'), PAGE.width / 2, QR_TOP + QR_SIDE + 15, plain(8.6, SEPIA), 'center')
  letters.line(words.t('ticket.reference'), MARGIN, 562, plain(8, SEPIA))
  // Set any wider, it would be copied with blanks in it.
  letters.line(ticket.booking_reference, MARGIN, 577, bold(13, INK))
  letters.line(words.t('ticket.price'), PAGE.width - MARGIN, 562, plain(8, SEPIA), 'right')
  letters.line(words.price, PAGE.width - MARGIN, 577, bold(13, INK), 'right')
}
