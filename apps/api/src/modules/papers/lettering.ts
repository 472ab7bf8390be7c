import { readFileSync } from 'node:fs'

// @ts-expect-error -- the package brings no types; pdfkit takes such a font as it is
import { create } from 'fontkit'

/** Manrope comes in parts by alphabet; a letter is set in the first part that has it. */
const PARTS = ['latin', 'cyrillic', 'latin-ext', 'cyrillic-ext', 'greek', 'vietnamese'] as const
const WEIGHTS = { plain: 500, bold: 800 } as const
export type Weight = keyof typeof WEIGHTS

type Font = { hasGlyphForCodePoint: (codePoint: number) => boolean }
const open = create as unknown as (bytes: Uint8Array) => Font

const FONT = import.meta.resolve('@fontsource/manrope/package.json')
const read = (part: string, weight: number): Font =>
  open(readFileSync(new URL(`files/manrope-${part}-${weight}-normal.woff`, FONT)))

type Cut = { name: string; font: Font }
let known: Record<Weight, Cut[]> | undefined

/** Read once, at the first ticket: a server that prints none pays nothing. */
const fonts = () => {
  known ??= Object.fromEntries(
    Object.entries(WEIGHTS).map(([weight, number]) => [
      weight,
      PARTS.map((part) => ({ name: `${weight}-${part}`, font: read(part, number) })),
    ]),
  ) as Record<Weight, Cut[]>
  return known
}

type Run = { name: string; text: string }

/** Pieces of a text that one part of the font can set; signs that none has show as its empty box. */
const runsOf = (text: string, weight: Weight): Run[] => {
  const cuts = fonts()[weight]
  const runs: Run[] = []
  for (const letter of text.toWellFormed().normalize('NFC')) {
    const point = letter.codePointAt(0) ?? 0
    const last = runs.at(-1)
    const has = ({ font }: Cut) => font.hasGlyphForCodePoint(point)
    const held = last && cuts.find(({ name }) => name === last.name)
    const cut = held && has(held) ? held : (cuts.find(has) ?? cuts[0])
    if (last && last.name === cut?.name) last.text += letter
    else if (cut) runs.push({ name: cut.name, text: letter })
  }
  return runs
}

export type Style = { weight: Weight; size: number; color: string }
type Align = 'left' | 'center' | 'right'

/** Sets lines of text in a document, in whatever alphabets they are written. */
export const createLettering = (doc: PDFKit.PDFDocument) => {
  const registered = new Set<string>()
  const use = (name: string, size: number) => {
    if (!registered.has(name)) {
      const [weight = 'plain'] = name.split('-')
      doc.registerFont(name, fonts()[weight as Weight].find((cut) => cut.name === name)?.font as never)
      registered.add(name)
    }
    return doc.font(name).fontSize(size)
  }

  const widthOf = (text: string, { weight, size }: Style) =>
    runsOf(text, weight).reduce((sum, run) => sum + use(run.name, size).widthOfString(run.text), 0)

  const line = (text: string, x: number, baseline: number, style: Style, align: Align = 'left') => {
    const { weight, size, color } = style
    let at = align === 'left' ? x : x - widthOf(text, style) / (align === 'center' ? 2 : 1)
    for (const run of runsOf(text, weight)) {
      const width = use(run.name, size).widthOfString(run.text)
      doc.fillColor(color).text(run.text, at, baseline, { lineBreak: false, baseline: 'alphabetic' })
      at += width
    }
  }

  /** Cut to a width, with a sign that something is missing. */
  const fit = (text: string, width: number, style: Style) => {
    if (widthOf(text, style) <= width) return text
    const letters = [...text]
    while (letters.length > 1 && widthOf(`${letters.join('')}…`, style) > width) letters.pop()
    return `${letters.join('').trimEnd()}…`
  }

  const wrap = (text: string, width: number, style: Style): string[] => {
    const lines: string[] = []
    for (const word of text.split(' ')) {
      const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
      if (lines.length > 0 && widthOf(longer, style) <= width) lines[lines.length - 1] = longer
      else lines.push(word)
    }
    return lines
  }

  /** The largest size at which a text takes no more lines than there is room for; then it is cut. */
  const block = (text: string, width: number, sizes: [size: number, lines: number][], style: Omit<Style, 'size'>) => {
    for (const [size, most] of sizes) {
      const lines = wrap(text, width, { ...style, size })
      if (lines.length <= most && lines.every((part) => widthOf(part, { ...style, size }) <= width)) return { size, lines }
    }
    const [size, most] = sizes.at(-1) ?? [10, 1]
    const lines = wrap(text, width, { ...style, size })
    const kept = lines.slice(0, most - 1)
    return { size, lines: [...kept, lines.slice(most - 1).join(' ')].map((part) => fit(part, width, { ...style, size })) }
  }

  return { line, fit, block, widthOf }
}
export type Lettering = ReturnType<typeof createLettering>
