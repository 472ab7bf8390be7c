import { credit, type Poster } from '../poster.ts'
import { arc, at, blob, curve, disc, leaf, line, oval, path, poly, rays, rect, ring, times, turned, within } from '../shapes.ts'
import { block, word } from '../type.ts'

const chessKnight = (transform: string, ink: string, eye: string) =>
  at(
    transform,
    path(
      'M-52 120H62L54 92Q40 60 52 10Q60 -54 10 -92L-4 -120L-22 -92Q-52 -70 -62 -34L-84 6Q-86 24 -66 30Q-50 32 -40 14Q-22 6 -12 8Q-18 40 -40 66Q-48 80 -44 92Z',
      ink,
    ),
    disc(-20, -50, 7, eye) + line('M24 -60Q44 -10 30 60', 5, eye) + rect(-66, 124, 142, 24, ink, 5),
  )

/** Death’s cloak is the board. */
export const theSeventhSeal: Poster = {
  background: '#d8d5c6',
  accent: '#a8202a',
  draw: (film) => [
    rect(0, 560, 600, 340, '#8c9a9c') + times(6, (i) => rect(0, 572 + i * i * 9, 600, 3 + i, '#d8d5c6')),
    path('M600 900H120Q150 620 236 420Q250 150 404 96Q560 92 600 250Z', '#14110f'),
    within(
      'cloak',
      path('M600 900H120Q146 650 214 470L600 470Z', '#fff'),
      at(
        'translate(420 400) skewX(-14) scale(1 .82)',
        times(9, (row) => times(10, (col) => ((row + col) % 2 ? rect(-400 + col * 78, 150 + row * 66, 78, 66, '#d8d5c6') : ''))),
      ),
    ),
    path('M284 330Q280 172 408 150Q500 172 494 316Q470 430 392 436Q304 420 284 330Z', '#2d2a28'),
    path('M300 318Q300 200 394 186Q470 204 464 312Q446 408 386 414Q316 396 300 318Z', '#f3efe2'),
    oval(346, 290, 27, 19, '#14110f') + oval(424, 288, 25, 19, '#14110f') + poly([384, 300, 374, 346, 394, 346], '#a9a493'),
    line('M352 376Q386 364 420 374', 7, '#14110f') + disc(350, 292, 6, '#a8202a') + disc(420, 290, 6, '#a8202a'),
    chessKnight('translate(112 716) scale(1.02)', '#f3efe2', '#14110f'),
    block(['THE SEVENTH', 'SEAL'], { x: 36, top: 40, width: 280, ink: '#14110f', gap: 11 }),
    blob([84, 206, 112, 218, 130, 240, 126, 276, 104, 298, 76, 294, 50, 286, 36, 258, 46, 226, 60, 214], '#a8202a') +
      blob([96, 290, 112, 292, 110, 326, 102, 334, 94, 322], '#a8202a') +
      ring(84, 252, 32, 4, '#7f141d') +
      word('7', { x: 84, y: 266, cap: 28, align: 'center', ink: '#d8d5c6' }),
    credit(film, { x: 36, y: 184, ink: '#a8202a' }),
  ],
}

const slice = (id: string, y: number, height: number, shift: number) =>
  within(
    id,
    rect(0, y, 600, height, '#fff'),
    at(`translate(${shift} 0)`, word('PSYCHO', { x: 300, y: 846, width: 500, cap: 150, align: 'center', ink: '#f2ecdc' })),
  )

/** The drain looks back. */
export const psycho: Poster = {
  background: '#121110',
  accent: '#c5142b',
  draw: (film) => [
    path('M210 0H390V26Q390 64 300 66Q210 64 210 26Z', '#8f8b80') + rect(196, 60, 208, 16, '#bdb8aa', 8),
    times(11, (i) => {
      const x = 206 + i * 18.8
      return line(`M${x} 92L${300 + (x - 300) * 2.9} 640`, i % 2 ? 3 : 6, '#3d3b37', 'butt')
    }),
    path('M24 400Q300 120 576 400Q300 650 24 400Z', '#f2ecdc'),
    disc(300, 394, 130, '#8f8b80') + rays(300, 394, 30, 84, 128, 4, '#f2ecdc') + disc(300, 394, 88, '#121110'),
    times(6, (i) => turned(i * 60, 300, 394, disc(300, 342, 13, '#f2ecdc'))) + disc(300, 394, 16, '#f2ecdc'),
    line(
      curve([
        300, 394, 336, 414, 330, 462, 276, 478, 216, 440, 206, 358, 268, 286, 372, 284, 446, 356, 456, 452, 472, 520, 470, 620,
      ]),
      21,
      '#c5142b',
    ),
    disc(470, 640, 22, '#c5142b') + path('M449 634Q462 606 470 572Q478 606 491 634Z', '#c5142b'),
    slice('top', 680, 70, -14) + slice('cut', 752, 42, 16) + slice('low', 796, 70, -6),
    rect(0, 749, 600, 3, '#c5142b'),
    credit(film, { x: 300, y: 882, align: 'center', ink: '#8f8b80' }),
  ],
}

const spruce = (x: number, foot: number, height: number, width: number, ink: string) =>
  path(
    times(5, (i) => {
      const top = Math.round(foot - height + (height * i * 0.86) / 5)
      const half = Math.round((width / 2) * (0.34 + i * 0.165))
      const [low, middle] = [Math.round(top + height / 3.4), Math.round(top + height / 4.2)]
      return `M${x} ${top}L${x + half} ${low}L${x} ${middle}L${x - half} ${low}Z`
    }),
    ink,
  )

/** Two people on a ridge; what they cast down the slope are spruces, old as the feud. */
export const shadowsOfForgottenAncestors: Poster = {
  background: '#efd7a2',
  accent: '#c8321f',
  draw: (film) => [
    disc(300, 236, 186, '#c8321f') + rays(300, 236, 24, 200, 230, 6, '#c8321f'),
    path('M0 380L110 290L210 360L320 250L450 350L540 280L600 330V900H0Z', '#6d8f6a'),
    spruce(52, 468, 210, 110, '#1f3b2d') +
      spruce(548, 474, 240, 120, '#1f3b2d') +
      spruce(128, 470, 130, 76, '#1f3b2d') +
      spruce(472, 470, 120, 70, '#1f3b2d'),
    path('M0 470Q300 400 600 470V900H0Z', '#f7ead0'),
    [206, 394].map((x) => at('translate(0 872) scale(1 -1)', spruce(x, 436, 204, 164, '#17130f'))).join(''),
    at(
      'translate(-26 0)',
      disc(232, 366, 14, '#17130f') +
        poly([212, 384, 252, 384, 246, 440, 218, 440], '#17130f') +
        poly([204, 352, 260, 352, 246, 340, 220, 340], '#17130f'),
    ),
    at(
      'translate(26 0)',
      disc(368, 366, 14, '#17130f') +
        poly([354, 384, 382, 384, 398, 440, 338, 440], '#17130f') +
        path('M350 372Q352 344 368 344T386 372L392 396H382L378 366H358L354 396H344Z', '#17130f'),
    ),
    line('M222 392L282 376M378 392L318 376', 7, '#17130f'),
    rect(0, 676, 600, 224, '#17130f') + rect(0, 662, 600, 30, '#c8321f'),
    path(
      times(15, (i) => `M${i * 40} 677l20 -12l20 12l-20 12Z`),
      '#efd7a2',
    ) +
      path(
        times(15, (i) => `M${i * 40 + 12} 677l8 -5l8 5l-8 5Z`),
        '#17130f',
      ),
    block(['SHADOWS OF', 'FORGOTTEN', 'ANCESTORS'], { x: 32, top: 710, width: 322, ink: '#f7ead0', gap: 9 }),
    block(['ТІНІ', 'ЗАБУТИХ', 'ПРЕДКІВ'], { x: 388, top: 711, width: 180, ink: '#c8321f', gap: 8, squeeze: 0.78 }),
    credit(film, { x: 32, y: 882, ink: '#efd7a2' }),
  ],
}

/** In that film an orange is never only an orange. */
export const theGodfather: Poster = {
  background: '#e7d5ad',
  accent: '#ee861c',
  draw: (film) => [
    path('M0 900V640Q30 520 190 470L300 440L410 470Q570 520 600 640V900Z', '#17130f'),
    poly([222, 452, 378, 452, 300, 780], '#f8f0df'),
    poly([222, 436, 300, 476, 246, 530, 198, 462], '#f8f0df') + poly([378, 436, 300, 476, 354, 530, 402, 462], '#f8f0df'),
    line('M190 470L150 560L196 566L298 800L404 566L450 560L410 470', 4, '#e7d5ad', 'butt'),
    path('M300 488L222 452Q206 488 222 530L300 500L378 530Q394 488 378 452Z', '#17130f') +
      rect(284, 474, 32, 36, '#17130f', 8) +
      rect(291, 480, 4, 24, '#e7d5ad', 2),
    [
      [300, 562],
      [300, 618],
      [300, 674],
    ]
      .map(([x = 0, y = 0]) => rays(x, y, 6, 0, 17, 16, '#b8a98a', y) + disc(x, y, 8, '#17130f'))
      .join(''),
    line('M300 682V716', 5, '#c01f2b') + disc(300, 722, 7, '#c01f2b'),
    disc(300, 262, 182, '#ee861c') + path('M300 80A182 182 0 0 1 300 444Q420 400 420 262T300 80Z', '#d36a12'),
    times(30, (i) => disc(186 + ((i * 73) % 228), 150 + ((i * 47) % 226), 3.4, '#c9610f')),
    rays(300, 104, 5, 0, 22, 30, '#3d5a2a') +
      line('M300 104Q304 70 330 50', 9, '#3d5a2a') +
      leaf(322, 62, 150, 52, 74, '#56783a') +
      line('M326 62Q390 60 456 26', 3, '#3d5a2a'),
    disc(146, 620, 56, '#c01f2b') +
      arc(146, 620, 40, 20, 250, 7, '#7d1019') +
      arc(150, 616, 24, -120, 120, 7, '#7d1019') +
      arc(146, 620, 9, 0, 300, 6, '#7d1019'),
    leaf(132, 672, 76, 22, 200, '#56783a') + leaf(160, 672, 60, 20, 150, '#56783a'),
    block(['THE GODFATHER'], { x: 40, top: 812, width: 520, ink: '#f8f0df' }),
    credit(film, { x: 40, y: 884, ink: '#ee861c' }),
  ],
}

const teeth = (count: number, outer: number, inner: number, from: number, to: number) =>
  times(count, (i) => {
    const angle = from + ((i + 0.5) * (to - from)) / count
    const long = inner + (i % 2 ? (outer - inner) * 0.34 : 0)
    return turned(
      angle,
      300,
      380,
      poly([300 - outer * 0.1, 380 - outer, 300 + outer * 0.1, 380 - outer, 300, 380 - long], '#ece6cd'),
    )
  })

/** A mouth, and in the mouth a mouth. */
export const alien: Poster = {
  background: '#0c100d',
  accent: '#bcd632',
  draw: (film) => [
    times(6, (i) => at('translate(300 340) scale(.86 1.06)', ring(0, 0, 300 + i * 34, 15 - i * 2.2, '#1d2a20'))),
    at(
      'translate(0 -40) translate(300 380) scale(.86 1.06) translate(-300 -380)',
      disc(300, 380, 268, '#3b5636') + disc(300, 380, 246, '#0c100d'),
      teeth(13, 248, 128, -88, 88),
      teeth(13, 248, 140, 92, 268),
    ),
    at(
      'translate(0 -34) translate(300 380) scale(.46 .52) translate(-300 -380)',
      disc(300, 380, 236, '#3b5636') +
        disc(300, 380, 196, '#050706') +
        teeth(7, 200, 110, -80, 80) +
        teeth(7, 200, 120, 100, 260),
    ),
    disc(300, 346, 13, '#bcd632') + ring(300, 346, 24, 3, '#bcd632'),
    [
      [192, 520, 118],
      [256, 560, 84],
      [330, 566, 140],
      [398, 530, 70],
    ]
      .map(([x = 0, y = 0, long = 0]) => line(`M${x} ${y}V${y + long}`, 6, '#bcd632') + disc(x, y + long + 8, 11, '#bcd632'))
      .join(''),
    word('ALIEN', { x: 300, y: 834, width: 520, cap: 84, align: 'center', ink: '#bcd632', spacing: 0.14 }),
    credit(film, { x: 300, y: 874, align: 'center', ink: '#ece6cd' }),
  ],
}
