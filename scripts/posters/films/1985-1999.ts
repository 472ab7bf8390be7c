import { credit, type Poster, randomFrom } from '../poster.ts'
import {
  at,
  blob,
  disc,
  edged,
  leaf,
  leafPath,
  line,
  oval,
  path,
  polar,
  poly,
  rays,
  rect,
  ring,
  times,
  turned,
} from '../shapes.ts'
import { block, word } from '../type.ts'

/** Four past ten: the lightning strikes, two tracks of fire leave. */
export const backToTheFuture: Poster = {
  background: '#1c2257',
  accent: '#f6b21b',
  draw: (film) => [
    times(40, (i) => disc((i * 197) % 600, (i * 131) % 560, 1.6 + (i % 3), '#f4ead2')),
    path('M150 900Q250 700 330 500L360 500Q310 700 270 900Z', '#e4481f') +
      path('M410 900Q430 700 412 500L440 500Q500 700 530 900Z', '#e4481f'),
    path('M186 900Q270 700 338 520L350 520Q300 720 240 900Z', '#f6b21b') +
      path('M440 900Q452 700 418 520L430 520Q480 700 502 900Z', '#f6b21b'),
    disc(376, 320, 226, '#e4481f') + disc(376, 320, 204, '#f4ead2'),
    rays(376, 320, 60, 178, 192, 1.2, '#1c2257') + rays(376, 320, 12, 152, 192, 5, '#1c2257') + ring(376, 320, 126, 4, '#1c2257'),
    turned(302, 376, 320, poly([366, 344, 362, 240, 376, 208, 390, 240, 386, 344], '#1c2257')),
    path('M600 -20H486L398 236L456 226L368 326L392 336L300 560L470 300L404 312L560 120L504 128Z', '#1c2257'),
    path('M580 -20H500L414 220L470 210L386 318L408 326L330 500L452 310L392 320L540 134L484 142Z', '#f6b21b'),
    disc(376, 320, 15, '#e4481f'),
    at(
      'translate(0 0) skewX(-10)',
      block(['BACK', 'TO THE'], { x: 148, top: 586, width: 204, ink: '#f4ead2', gap: 12, squeeze: 0.92 }),
      edged(20, '#1c2257', word('FUTURE', { x: 186, y: 848, width: 522, ink: '#1c2257', cap: 98 })),
      word('FUTURE', { x: 186, y: 848, width: 522, ink: '#f4ead2', cap: 98 }),
    ),
    credit(film, { x: 38, y: 48, ink: '#f4ead2' }),
  ],
}

const sisters = [
  path('M416 640A74 74 0 0 1 564 640Q546 622 527 640Q508 622 490 640Q472 622 453 640Q434 622 416 640Z', '#d8392b') +
    line('M490 560V716Q490 730 502 728', 5, '#17211b'),
  disc(462, 664, 15, '#f2cfa0') +
    path('M446 664A16 18 0 0 1 478 664L472 654H452Z', '#4d3322') +
    poly([446, 680, 478, 680, 488, 726, 436, 726], '#f3c73d'),
  disc(520, 682, 12, '#f2cfa0') +
    path('M507 682A13 15 0 0 1 533 682L528 674H512Z', '#4d3322') +
    poly([508, 694, 532, 694, 538, 728, 502, 728], '#e98aa0'),
  line('M452 728v14M472 728v14M514 728v12M526 728v12', 6, '#17211b'),
]

const BELLY = [216, 302, 388, 172, 258, 346, 432]

/** Where the leaves of the crown lie: around the face and the belly. */
const crown = (i: number) => polar(302, 372, 206 + ((i * 37) % 34), (i * 360) / 46)

/** The camphor tree has ears. */
export const myNeighborTotoro: Poster = {
  background: '#bfdcd0',
  accent: '#d8392b',
  draw: (film) => [
    times(34, (i) => line(`M${(i * 149) % 620} ${(i * 89) % 640}v${30 + (i % 4) * 12}`, 3, '#ffffff')),
    path('M0 700Q160 640 320 676T600 660V900H0Z', '#7fb069'),
    path('M236 720Q262 620 254 540H386Q376 620 412 720Q330 700 236 720Z', '#6b4a32') +
      line('M300 700V600M346 700V590', 5, '#4d3322'),
    leaf(206, 190, 170, 44, -16, '#1f5437') +
      leaf(400, 190, 170, 44, 14, '#1f5437') +
      leaf(206, 180, 120, 24, -16, '#3c8050') +
      leaf(400, 180, 120, 24, 14, '#3c8050'),
    blob(
      [
        300, 116, 408, 146, 488, 214, 530, 330, 548, 452, 500, 566, 386, 604, 300, 592, 206, 606, 96, 568, 54, 452, 72, 330, 116,
        214, 196, 146,
      ],
      '#1f5437',
    ),
    oval(302, 442, 178, 138, '#cfe2a8'),
    path(
      times(7, (i) => leafPath(BELLY[i] ?? 0, i < 3 ? 420 : 492, 64, 17, (i % 2) * 24 - 12)),
      '#1f5437',
    ),
    path(
      times(46, (i) => leafPath(...crown(i), 30, 9, (i * 67) % 360)),
      '#3c8050',
    ),
    disc(200, 242, 33, '#fffdf2') + disc(404, 242, 33, '#fffdf2') + disc(206, 244, 14, '#17211b') + disc(398, 244, 14, '#17211b'),
    path('M274 246Q302 228 330 246Q318 268 302 268T274 246Z', '#17211b'),
    ...sisters,
    word('MY NEIGHBOR', { x: 40, y: 774, width: 300, ink: '#17492f' }) +
      word('TOTORO', { x: 40, y: 862, width: 520, cap: 76, ink: '#fffdf2' }),
    credit(film, { x: 40, y: 886, ink: '#17492f' }),
  ],
}

const isFace = (x: number, y: number) => {
  const [u, v] = [(x - 300) / 170, (y - 360) / 270]
  const jaw = v > 0 ? 1 - v * 0.34 : 1
  return Math.abs(u) ** 2.4 / jaw ** 2.4 + Math.abs(v) ** 2.6 < 1
}

const rain = () => {
  const random = randomFrom('matrix')
  const [dim, bright, white] = [[], [], []] as [string[], string[], string[]]
  for (let column = 0; column < 33; column += 1) {
    const x = 12 + column * 18
    for (let y = random() * 40 - 20; y < 720;) {
      const long = 8 + random() * 22
      const lit = isFace(x, y + long / 2)
      const shade = x > 340 && random() < 0.25
      if (lit || random() < 0.42)
        (lit && !shade ? (random() < 0.12 ? white : bright) : dim).push(`M${x} ${Math.round(y)}v${Math.round(long)}`)
      y += long + 12
    }
  }
  return (
    line(dim.join(''), 8, '#12522d', 'butt') +
    line(bright.join(''), 11, '#37c866', 'butt') +
    line(white.join(''), 11, '#dcffe4', 'butt')
  )
}

const pill = (x: number, y: number, ink: string, shine: string) =>
  at(
    `translate(${x} ${y}) rotate(-28)`,
    rect(-56, -24, 112, 48, ink, 24),
    path('M0 -24H32A24 24 0 0 1 32 24H0Z', '#f3f7f0'),
    rect(-36, -15, 66, 7, shine, 3.5),
  )

/** Two pills, one face made of falling code. */
export const theMatrix: Poster = {
  background: '#050b07',
  accent: '#37c866',
  draw: (film) => [
    rain(),
    path(
      'M88 268Q186 246 284 274Q300 262 316 274Q414 246 512 268Q520 372 452 406Q380 424 336 372Q300 316 264 372Q220 424 148 406Q80 372 88 268Z',
      '#dcffe4',
    ),
    path('M98 276Q186 256 276 284Q286 356 248 384Q202 412 152 396Q92 366 98 276Z', '#050b07') +
      path('M502 276Q414 256 324 284Q314 356 352 384Q398 412 448 396Q508 366 502 276Z', '#050b07'),
    pill(186, 332, '#2c6cf6', '#9dbdff') + pill(414, 332, '#e1251b', '#ff9a90'),
    line('M252 556H348', 10, '#050b07') + line('M278 470H322', 8, '#050b07'),
    rect(0, 712, 600, 188, '#050b07'),
    word('THE', { x: 40, y: 762, cap: 30, ink: '#37c866' }) +
      word('MATRIX', { x: 40, y: 856, width: 520, cap: 78, ink: '#37c866' }),
    times(4, (i) => rect(0, 790 + i * 18, 600, 4, '#050b07')),
    line('M160 747H560', 4, '#12522d', 'butt'),
    credit(film, { x: 40, y: 883, ink: '#dcffe4' }),
  ],
}
