/* oxlint-disable no-underscore-dangle -- fontkit names its own parts so */
import { join } from 'node:path'

import { type Font, type Glyph, openSync, type Outline, type Point } from 'fontkit'

import { root } from '../lib/files.ts'

const FOLDER = join(root, 'node_modules/@fontsource-variable/unbounded/files')

const fontPoint = (like: Point, x: number, y: number) => Object.assign(like.copy(), { x, y, onCurve: false, endContour: true })

/** Moves an outline to the font's weight; a composite is moved by the places of its parts. */
const vary = (font: Font, outline: Outline, id: number, like: Point) => {
  const parts = outline.components ?? []
  const body = outline.points ?? parts.map(({ dx, dy }) => fontPoint(like, dx, dy))
  if (body.length === 0) return
  const phantoms = Array.from({ length: 4 }, () => fontPoint(like, 0, 0))
  font._variationProcessor.transformPoints(id, [...body, ...phantoms])
  for (const [index, part] of parts.entries()) Object.assign(part, { dx: body[index]?.x ?? 0, dy: body[index]?.y ?? 0 })
}

/** fontkit reads WOFF2 and reads variable fonts, but not both at once: the outlines are read plain and varied here. */
const openWeight = (subset: string, weight: number): Font => {
  const file = join(FOLDER, `unbounded-${subset}-wght-normal.woff2`)
  const plain = openSync(file)
  void plain.getGlyph(1).path
  const font = openSync(file)
  font._transformedGlyphs = plain._transformedGlyphs
  font._decompress()
  font.variationCoords = [weight]
  const like = plain._transformedGlyphs.find(({ points }) => points?.length)?.points?.[0]
  if (!like) throw new Error(`${file} has no outlines.`)
  for (const [id, outline] of plain._transformedGlyphs.entries()) vary(font, outline, id, like)
  return font
}

const opened = new Map<string, Font>()

const unbounded = (subset: string, weight: number): Font => {
  const key = `${subset} ${weight}`
  const font = opened.get(key) ?? openWeight(subset, weight)
  opened.set(key, font)
  return font
}

const CAP_HEIGHT = 0.75
const UNITS_PER_EM = 1000

/** The subset with Cyrillic letters has no commas; each run is set from the file that has its signs. */
const runsOf = (text: string, weight: number) =>
  (text.match(/[\p{Script=Cyrillic} ]+|[^\p{Script=Cyrillic}]+/gu) ?? []).map((run) => {
    const subset = /\p{Script=Cyrillic}/u.test(run) ? 'cyrillic' : 'latin'
    return unbounded(subset, weight).layout(run)
  })

export type Letter = { glyph: Glyph; x: number; advance: number }

/** The letters of a line in font units, and where its ink begins and ends. */
export const layOut = (text: string, weight: number, spacing = 0) => {
  let x = 0
  const letters: Letter[] = runsOf(text, weight).flatMap(({ glyphs, positions }) =>
    glyphs.map((glyph, index) => {
      if (glyph.id === 0) throw new Error(`The font has no sign for a letter of "${text}".`)
      const letter = { glyph, x, advance: (positions[index]?.xAdvance ?? 0) + spacing * UNITS_PER_EM }
      x += letter.advance
      return letter
    }),
  )
  const inked = letters.filter(({ glyph }) => glyph.path.commands.length > 0)
  const left = Math.min(...inked.map(({ glyph, x: at }) => at + glyph.path.bbox.minX))
  const right = Math.max(...inked.map(({ glyph, x: at }) => at + glyph.path.bbox.maxX))
  return { letters: inked, left, width: right - left, capHeight: CAP_HEIGHT * UNITS_PER_EM }
}
