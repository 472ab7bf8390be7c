import { spawnSync } from 'node:child_process'
import { inflateSync } from 'node:zlib'

import decodeQR from 'qr/decode.js'

const STREAM = /stream\r?\n/g
/** Modules are read as squares of so many pixels. */
const SCALE = 4

const streamsOf = (bytes: Buffer): string[] =>
  [...bytes.toString('latin1').matchAll(STREAM)].flatMap(({ index, 0: { length } }) => {
    try {
      return [inflateSync(bytes.subarray(index + length), { finishFlush: 2 }).toString('latin1')]
    } catch {
      return []
    }
  })

type Box = { x: number; y: number; width: number; height: number }
const rectanglesOf = (content: string): Box[] =>
  [...content.matchAll(/^(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re$/gm)].map(([, ...numbers]) => {
    const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number)
    return { x, y, width, height }
  })

/** Reads the code that a page draws as squares. */
const codeOf = (content: string): string | undefined => {
  const boxes = rectanglesOf(content)
  const at = boxes.findIndex(({ width, height }) => width === height && width > 100)
  const [field, ...modules] = boxes.slice(at)
  if (at < 0 || !field || !modules[0]) return undefined
  const unit = modules[0].height
  const side = Math.round(field.width / unit) * SCALE
  const data = new Uint8Array(side * side * 4).fill(255)
  const pixel = (length: number) => Math.round((length / unit) * SCALE)
  for (const { x, y, width, height } of modules)
    for (let row = pixel(y - field.y); row < pixel(y - field.y + height); row += 1)
      for (let column = pixel(x - field.x); column < pixel(x - field.x + width); column += 1)
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3)
  return decodeQR({ width: side, height: side, data })
}

/** What a PDF of ours holds, read without any tool: its pages, the fonts inside it, the codes drawn. */
export const readPdf = (bytes: Buffer) => {
  const plain = bytes.toString('latin1')
  const contents = streamsOf(bytes).filter((text) => / re$/m.test(text))
  return {
    pages: [...plain.matchAll(/\/Type \/Page\b(?!s)/g)].length,
    embedded: [...plain.matchAll(/\/FontFile2 /g)].length,
    fonts: [...new Set([...plain.matchAll(/\/BaseFont \/[A-Z]{6}\+([\w-]+)/g)].map(([, name]) => name))],
    codes: contents.flatMap((content) => codeOf(content) ?? []),
  }
}

/** The text of a PDF as people copy it; undefined where poppler is not installed, which is said. */
export const textOfPdf = (bytes: Buffer): string | undefined => {
  const { stdout, error } = spawnSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' })
  if (!error) return stdout.normalize('NFC').replaceAll(/[\u00a0\u202f]/g, ' ')
  process.stderr.write('pdftotext is not installed: what a ticket says in letters is not looked at.\n')
  return undefined
}
