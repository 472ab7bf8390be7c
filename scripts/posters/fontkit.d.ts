/** What the posters use of fontkit, which ships no types. The names with an underscore are its own. */
declare module 'fontkit' {
  export type Point = { x: number; y: number; onCurve: boolean; endContour: boolean; copy: () => Point }
  export type Outline = { points?: Point[]; components?: { dx: number; dy: number }[] }
  export type Command = { command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath'; args: number[] }
  export type Glyph = {
    id: number
    path: { commands: Command[]; bbox: { minX: number; maxX: number; minY: number; maxY: number } }
  }
  export type Font = {
    unitsPerEm: number
    capHeight: number
    getGlyph: (id: number) => Glyph
    layout: (text: string) => { glyphs: Glyph[]; positions: { xAdvance: number }[] }
    variationCoords: number[]
    _transformedGlyphs: Outline[]
    _variationProcessor: { transformPoints: (glyph: number, points: Point[]) => void }
    _decompress: () => void
  }
  export const openSync: (file: string) => Font
}
