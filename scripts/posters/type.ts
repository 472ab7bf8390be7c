import type { Command } from 'fontkit'

import { layOut } from './font.ts'
import { type Mark, path } from './shapes.ts'

type Align = 'left' | 'center' | 'right'
type Setting = {
  x: number
  /** The baseline. */
  y: number
  ink: string
  /** Either the height of capitals, or the width that the ink fills; both together stretch the letters. */
  cap?: number
  width?: number
  align?: Align
  weight?: number
  /** Between letters, in ems. */
  spacing?: number
}
type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number]

const LETTERS = { moveTo: 'm', lineTo: 'l', quadraticCurveTo: 'q', bezierCurveTo: 'c', closePath: 'z' } as const

const tenths = (value: number) => Math.round(value * 10)
const step = (value: number) => String(value / 10).replace(/^(-?)0\./, '$1.')
/** A minus divides two numbers as well as a space does. */
const packed = (values: number[]) => values.map(step).join(' ').replaceAll(' -', '-')

/** Lettering is most of a file, so its path is told in steps from point to point. */
const createPen = () => {
  let [x, y] = [0, 0]
  let [startX, startY] = [0, 0]
  return ({ command, args }: Command, [a, b, c, d, e, f]: Matrix): string => {
    const points: number[] = []
    for (let i = 0; i < args.length; i += 2) {
      const [u = 0, v = 0] = args.slice(i, i + 2)
      points.push(tenths(a * u + c * v + e), tenths(b * u + d * v + f))
    }
    const steps = points.map((value, i) => value - (i % 2 ? y : x))
    ;[x, y] = command === 'closePath' ? [startX, startY] : [points.at(-2) ?? x, points.at(-1) ?? y]
    if (command === 'moveTo') [startX, startY] = [x, y]
    if (command === 'lineTo' && steps[1] === 0) return `h${packed(steps.slice(0, 1))}`
    if (command === 'lineTo' && steps[0] === 0) return `v${packed(steps.slice(1))}`
    return LETTERS[command] + packed(steps)
  }
}
type Pen = ReturnType<typeof createPen>

const outline = (pen: Pen, commands: Command[], matrix: Matrix): string =>
  commands.map((command) => pen(command, matrix)).join('')

/** A line of lettering as outlines: an image of a page loads no fonts. */
export const word = (text: string, { x, y, ink, cap, width, align = 'left', weight = 900, spacing = 0 }: Setting): Mark => {
  const { letters, left, width: natural, capHeight } = layOut(text, weight, spacing)
  const across = width === undefined ? (cap ?? 40) / capHeight : width / natural
  const up = cap === undefined ? across : cap / capHeight
  const pen = createPen()
  const start = x - { left: 0, center: 0.5, right: 1 }[align] * natural * across - left * across
  return path(
    letters.map(({ glyph, x: at }) => outline(pen, glyph.path.commands, [across, 0, 0, -up, start + at * across, y])).join(''),
    ink,
  )
}

type Round = {
  cx: number
  cy: number
  r: number
  middle: number
  cap: number
  ink: string
  weight?: number
  spacing?: number
  inside?: boolean
}

/** Lettering on a circle, centred on the angle `middle` (0 is up, clockwise); `inside` reads along the lower edge. */
export const around = (
  text: string,
  { cx, cy, r, middle, cap, ink, weight = 900, spacing = 0.04, inside = false }: Round,
): Mark => {
  const { letters, left, width, capHeight } = layOut(text, weight, spacing)
  const scale = cap / capHeight
  const pen = createPen()
  const way = inside ? -1 : 1
  const marks = letters.map(({ glyph, x, advance }) => {
    const along = (x + advance / 2 - left - width / 2) * scale
    const angle = (middle * Math.PI) / 180 + (way * along) / r
    const turn = inside ? angle + Math.PI : angle
    const [cos, sin] = [Math.cos(turn) * scale, Math.sin(turn) * scale]
    const [px, py] = [cx + Math.sin(angle) * r, cy - Math.cos(angle) * r]
    const half = advance / 2
    return outline(pen, glyph.path.commands, [cos, sin, sin, -cos, px - cos * half, py - sin * half])
  })
  return path(marks.join(''), ink)
}

type Lines = Omit<Setting, 'y' | 'cap'> & { top: number; gap?: number; width: number; squeeze?: number }

/** Lines of one width under each other; each becomes as tall as its width makes it, times `squeeze`. */
export const block = (lines: string[], { top, gap = 12, squeeze = 1, ...setting }: Lines): Mark => {
  let y = top
  return lines
    .map((line) => {
      const { width, capHeight } = layOut(line, setting.weight ?? 900, setting.spacing)
      const cap = ((setting.width * capHeight) / width) * squeeze
      y += cap + gap
      return word(line, { ...setting, y: y - gap, cap })
    })
    .join('')
}
