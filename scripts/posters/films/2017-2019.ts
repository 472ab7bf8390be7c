import { credit, type Poster } from '../poster.ts'
import { at, curve, disc, leaf, line, oval, path, polar, poly, rect, ring, times, turned, within } from '../shapes.ts'
import { block, word } from '../type.ts'

const spiral = (cx: number, cy: number, turns: number, reach: number) =>
  curve(Array.from({ length: turns * 12 + 1 }, (_, i) => polar(cx, cy, (i / (turns * 12)) * reach, i * 30)).flat())

/** Politely, by the spoon, into the sunken place. */
export const getOut: Poster = {
  background: '#17544f',
  accent: '#f1e5cc',
  draw: (film) => [
    times(20, (i) => rect(i * 32, 0, 12, 900, '#1c625c')),
    disc(300, 348, 290, '#0e3936') +
      disc(292, 336, 284, '#f1e5cc') +
      ring(292, 336, 262, 5, '#c08a3e') +
      ring(292, 336, 250, 2, '#c08a3e'),
    turned(-32, 292, 336, rect(470, 300, 96, 72, '#d9c8a5', 30) + rect(486, 318, 56, 36, '#f1e5cc', 16)),
    disc(292, 336, 206, '#d9c8a5') + disc(292, 336, 192, '#fffaf0') + disc(292, 336, 176, '#26130c'),
    within('tea', disc(292, 336, 176, '#fff'), line(spiral(292, 336, 4, 190), 17, '#7a4420', 'round')),
    at(
      'translate(292 330) rotate(24) scale(1.05)',
      disc(0, -66, 16, '#fffaf0'),
      line('M0 -36V8M0 -28L-36 -62L-44 -92M0 -28L34 -60L50 -88M0 8L-26 50L-18 84M0 8L28 44L46 70', 15, '#fffaf0'),
    ),
    at(
      'translate(-70 -16)',
      turned(
        38,
        452,
        534,
        rect(508, 400, 20, 280, '#b9c4bd', 10) + oval(518, 372, 38, 62, '#b9c4bd') + oval(518, 372, 25, 48, '#8fa09a'),
      ),
    ),
    block(['GET OUT'], { x: 40, top: 724, width: 520, ink: '#f1e5cc', squeeze: 1.55 }),
    credit(film, { x: 40, y: 882, ink: '#f1e5cc' }),
  ],
}

const spot = (r: number, degrees: number) => polar(300, 380, r, degrees).map(Math.round).join(' ')

const WEB =
  times(12, (i) => `M300 380L${spot(360, i * 30 + 15)}`) +
  [60, 120, 184, 250, 316]
    .map((r) => `M${spot(r, 15)}${times(12, (i) => `Q${spot(r * 0.84, i * 30 + 30)} ${spot(r, i * 30 + 45)}`)}`)
    .join('')

const mask = (skin: string, web: string, rim: string, eye: string) =>
  path('M300 70C470 70 548 200 540 350C530 520 420 650 300 690C180 650 70 520 60 350C52 200 130 70 300 70Z', skin) +
  line(WEB, 4, web, 'butt') +
  [1, -1]
    .map((side) =>
      at(
        `translate(300 0) scale(${side} 1)`,
        path('M22 400Q60 270 214 236Q236 380 170 446Q84 474 22 400Z', rim),
        path('M50 398Q84 300 192 270Q206 370 156 420Q96 442 50 398Z', eye),
      ),
    )
    .join('')

const SHARDS: [points: number[], sky: string, colours: [string, string, string, string], shift: [number, number]][] = [
  [[0, 0, 210, 0, 110, 720, 0, 720], '#19b5c9', ['#17131c', '#e2253b', '#e2253b', '#fff6e4'], [22, -26]],
  [[210, 0, 380, 0, 292, 720, 110, 720], '#f7d13d', ['#e2253b', '#17131c', '#17131c', '#fff6e4'], [0, 18]],
  [[380, 0, 524, 0, 470, 720, 292, 720], '#d8347e', ['#fff6e4', '#d8347e', '#17131c', '#19b5c9'], [-12, -14]],
  [[524, 0, 600, 0, 600, 720, 470, 720], '#17131c', ['#4b3f9e', '#17131c', '#17131c', '#f7d13d'], [66, 22]],
]

/** A dash of no length with a round end is a dot. */
const DOTS = [26, 40]
  .map(
    (width, i) =>
      `<path fill="none" stroke="#ffffff2e" stroke-linecap="round" stroke-width="${width}" stroke-dasharray="0 110" d="${times(5, (row) => `M${i * 55} ${row * 168 + i * 84}H660`)}"/>`,
  )
  .join('')

/** One mask, printed in four worlds that do not quite meet. */
export const spiderManIntoTheSpiderVerse: Poster = {
  background: '#17131c',
  accent: '#e2253b',
  draw: (film) => [
    SHARDS.map(([points, sky, [skin, web, rim, eye], [dx, dy]], i) =>
      within(
        `world${i}`,
        poly(points, '#fff'),
        rect(0, 0, 600, 720, sky),
        DOTS,
        at(`translate(${dx} ${dy})`, mask(skin, web, rim, eye)),
      ),
    ).join(''),
    line('M210 -5L110 725M380 -5L292 725M524 -5L470 725', 9, '#fff6e4', 'butt'),
    rect(0, 706, 600, 194, '#17131c'),
    at('translate(5 5)', block(['SPIDER-MAN'], { x: 40, top: 726, width: 520, ink: '#19b5c9' })),
    block(['SPIDER-MAN'], { x: 40, top: 726, width: 520, ink: '#e2253b' }),
    word('INTO THE SPIDER-VERSE', { x: 40, y: 842, width: 520, ink: '#fff6e4', cap: 34 }),
    credit(film, { x: 40, y: 878, ink: '#f7d13d' }),
  ],
}

/** One more flight of stairs, and the peach has started. */
export const parasite: Poster = {
  background: '#f3e8cf',
  accent: '#6d9a3a',
  draw: (film) => [
    disc(128, 128, 74, '#f4b63c'),
    rect(318, 96, 282, 24, '#23282a') +
      rect(340, 120, 260, 124, '#d8c9a2') +
      rect(356, 134, 156, 100, '#f4b63c') +
      rect(524, 120, 12, 124, '#23282a') +
      rect(432, 134, 6, 100, '#23282a'),
    disc(394, 176, 13, '#23282a') +
      poly([380, 234, 384, 192, 404, 192, 408, 234], '#23282a') +
      disc(474, 180, 12, '#23282a') +
      poly([460, 234, 464, 194, 484, 194, 488, 234], '#23282a') +
      rect(378, 168, 32, 8, '#f3e8cf') +
      rect(459, 173, 30, 8, '#f3e8cf'),
    times(9, (i) => {
      const [x, y] = [420 - i * 62, 244 + i * 58]
      const shade =
        ['#7fb043', '#6d9a3a', '#557d3a', '#456639', '#385236', '#2c4033', '#22312e', '#192427', '#12191d'][i] ?? '#12191d'
      return (
        rect(x, y, 700, 700, shade) +
        (i === 0
          ? times(12, (g) => leaf(430 + g * 15, 246, 24, 7, (g % 3) * 12 - 12, '#557d3a'))
          : rect(x, y, 700, 5, '#f3e8cf40'))
      )
    }),
    disc(268, 334, 33, '#f19a78') +
      path('M268 302Q250 332 262 366Q236 362 235 334T268 302Z', '#e2704f') +
      leaf(270, 304, 40, 12, 62, '#385236') +
      line('M300 268Q330 262 340 226M312 300Q344 292 356 268', 5, '#f19a78'),
    at(
      'translate(62 674) scale(.8)',
      rect(-14, -22, 90, 62, '#f4b63c') +
        rect(28, -22, 5, 62, '#12191d') +
        disc(8, 12, 11, '#12191d') +
        path('M-8 40Q8 10 24 40Z', '#12191d') +
        rect(-4, 6, 24, 7, '#f3e8cf') +
        disc(54, 10, 11, '#12191d') +
        path('M38 40Q54 10 70 40Z', '#12191d') +
        rect(42, 4, 24, 7, '#f3e8cf'),
    ),
    word('PARASITE', { x: 560, y: 840, width: 520, cap: 86, align: 'right', ink: '#f3e8cf' }),
    credit(film, { x: 560, y: 876, align: 'right', ink: '#f4b63c' }),
  ],
}
