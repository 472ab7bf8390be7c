import { credit, type Poster } from '../poster.ts'
import { arc, at, disc, line, oval, path, poly, rays, rect, ring, times, turned, wedge, within } from '../shapes.ts'
import { around, block, word } from '../type.ts'

/** The lens is the eye, the eye is the lens; what is engraved around it is the title. */
export const manWithAMovieCamera: Poster = {
  background: '#eadfc6',
  accent: '#cf2f1d',
  draw: (film) => [
    poly([0, 0, 600, 0, 600, 110, 0, 560], '#cf2f1d'),
    disc(110, 120, 150, '#17130f') + ring(110, 120, 96, 12, '#eadfc6') + rays(110, 120, 5, 20, 92, 20, '#eadfc6'),
    poly([262, 480, 330, 480, 96, 900, 30, 900], '#17130f'),
    poly([300, 480, 372, 480, 590, 900, 520, 900], '#17130f'),
    poly([296, 500, 340, 500, 330, 900, 292, 900], '#8d8674'),
    disc(322, 356, 262, '#17130f') + ring(322, 356, 172, 5, '#eadfc6') + ring(322, 356, 252, 4, '#cf2f1d'),
    around('MAN WITH A MOVIE CAMERA', { cx: 322, cy: 356, r: 196, middle: 0, cap: 34, ink: '#eadfc6', spacing: 0 }),
    around('ЛЮДИНА З КІНОАПАРАТОМ', {
      cx: 322,
      cy: 356,
      r: 214,
      middle: 180,
      cap: 15,
      ink: '#cf2f1d',
      inside: true,
      weight: 900,
    }),
    path('M162 356Q322 180 482 356Q322 532 162 356Z', '#eadfc6'),
    disc(322, 352, 86, '#cf2f1d') + disc(322, 352, 48, '#17130f') + disc(350, 324, 17, '#eadfc6'),
    times(5, (i) => line(`M${204 + i * 59} ${292 - Math.sin((i / 4) * Math.PI) * 42}l${(i - 2) * 8} -26`, 9, '#eadfc6')),
    at(
      'translate(-190 8)',
      disc(424, 742, 15, '#17130f'),
      line('M424 766L420 820M420 820L398 862M420 820L440 862M423 780L396 806M423 780L450 800', 13, '#17130f'),
    ),
    credit(film, { x: 568, y: 44, align: 'right', ink: '#eadfc6' }),
  ],
}

/** The machine wears his hat. */
export const modernTimes: Poster = {
  background: '#e9b32b',
  accent: '#b5341c',
  draw: (film) => [
    rays(40, 640, 14, 120, 196, 13, '#b5341c', 8) + disc(40, 640, 168, '#b5341c') + disc(40, 640, 92, '#e9b32b'),
    rays(600, 70, 12, 80, 150, 15, '#b5341c') + disc(600, 70, 126, '#b5341c') + disc(600, 70, 60, '#e9b32b'),
    rays(330, 400, 16, 200, 262, 11, '#17130f', 5) + disc(330, 400, 226, '#17130f') + disc(330, 400, 172, '#f6ead0'),
    turned(
      -9,
      330,
      250,
      path('M206 262C206 96 268 70 330 70S454 96 454 262Z', '#17130f'),
      path('M126 252Q330 322 534 252Q552 292 500 300Q330 336 160 300Q108 292 126 252Z', '#17130f'),
      path('M207 226Q330 262 453 226L454 254Q330 290 206 254Z', '#b5341c'),
    ),
    [258, 402]
      .map((x) => rays(x, 388, 3, 0, 42, 60, '#17130f') + disc(x, 388, 35, '#17130f') + disc(x, 388, 15, '#e9b32b'))
      .join(''),
    poly([300, 452, 360, 452, 376, 496, 284, 496], '#17130f'),
    line('M286 532Q330 512 374 532', 9, '#b5341c'),
    block(['MODERN', 'TIMES'], { x: 40, top: 690, width: 520, ink: '#17130f', gap: 12, squeeze: 0.86 }),
    credit(film, { x: 40, y: 884, ink: '#17130f' }),
  ],
}

/** A coat, a hat, an arch, and the aeroplane that two of them will take. */
export const casablanca: Poster = {
  background: '#143a40',
  accent: '#d9692f',
  draw: (film) => [
    times(
      9,
      (i) => rect(0, 112 + i * 84, 96 - (i % 2) * 26, 12, '#1d4c53') + rect(534 + (i % 2) * 26, 154 + i * 84, 96, 12, '#1d4c53'),
    ),
    path('M120 900V470A250 250 0 1 1 520 470V900Z', '#e8c387'),
    within(
      'gate',
      path('M154 900V452A214 214 0 1 1 486 452V900Z', '#fff'),
      rect(0, 0, 600, 900, '#f4e4c1'),
      disc(320, 330, 132, '#d9692f'),
      times(5, (i) => rect(120, 372 + i * 27, 400, 5 + i * 3, '#f4e4c1')),
      at(
        'translate(318 236) rotate(-14)',
        path('M-120 4Q-40 -22 96 -10Q124 -6 112 6Q40 22 -60 18Q-108 16 -120 4Z', '#143a40'),
        poly([-16, 2, 40, 2, -32, 84, -60, 84], '#143a40') + poly([0, -6, 30, -8, 4, -58, -14, -58], '#143a40'),
        poly([-118, 4, -92, 0, -118, -44, -134, -44], '#143a40') + rect(52, -40, 7, 76, '#143a40', 3),
      ),
    ),
    path('M0 900V772Q40 690 190 660L300 604L410 660Q560 690 600 772V900Z', '#17130f'),
    poly([214, 640, 300, 700, 262, 792, 176, 668], '#2b2621') + poly([386, 640, 300, 700, 338, 792, 424, 668], '#2b2621'),
    path('M240 574H360V640Q300 700 240 640Z', '#d9692f') + path('M240 574H360V604Q300 632 240 604Z', '#9a4520'),
    path('M186 552C186 446 214 410 258 416Q300 440 342 416C386 410 414 446 414 552Z', '#17130f'),
    path('M185 520Q300 556 415 520V552Q300 590 185 552Z', '#d9692f'),
    path('M96 556Q300 500 504 556Q520 586 470 592Q300 634 130 592Q80 586 96 556Z', '#17130f'),
    word('CASABLANCA', { x: 300, y: 850, width: 544, cap: 74, align: 'center', ink: '#f4e4c1' }),
    credit(film, { x: 300, y: 882, align: 'center', ink: '#e8c387' }),
  ],
}

/** Gelato for a princess, in a cone built by the Romans. */
export const romanHoliday: Poster = {
  background: '#36a39b',
  accent: '#f7c531',
  draw: (film) => [
    rays(330, 330, 18, 0, 720, 10, '#42b3aa', 4),
    turned(
      8,
      330,
      300,
      within(
        'cone',
        poly([186, 380, 474, 380, 330, 690], '#fff'),
        rect(150, 370, 360, 340, '#d9703f'),
        times(4, (row) => {
          const top = 428 + row * 68
          const step = 62 - row * 8
          return (
            times(9, (i) => {
              const x = 330 + (i - 4) * step
              const half = step * 0.31
              return path(
                `M${x - half} ${top + 52 - row * 4}V${top + half}a${half} ${half} 0 0 1 ${half * 2} 0V${top + 52 - row * 4}Z`,
                '#7d2f1a',
              )
            }) + rect(150, top - 13, 360, 5, '#f2a66f')
          )
        }),
        poly([330, 380, 474, 380, 330, 690], '#00000026'),
      ),
      disc(244, 330, 104, '#f5a9a3') + disc(416, 330, 104, '#c5d66d') + disc(330, 228, 112, '#fbeed6'),
      path('M140 330Q146 408 184 396Q206 386 224 412Q248 440 268 404Q292 380 316 400V330Z', '#f5a9a3'),
      path('M520 330Q514 408 476 396Q450 386 430 408Q404 430 384 400Q350 376 316 400V330Z', '#c5d66d'),
      arc(330, 228, 84, -62, -14, 13, '#ffffff') +
        arc(244, 330, 78, -90, -46, 11, '#fbd0cb') +
        arc(416, 330, 78, 46, 90, 11, '#dfe9a6'),
      turned(
        -10,
        330,
        110,
        poly([238, 150, 220, 66, 278, 104, 330, 40, 382, 104, 440, 66, 422, 150], '#f7c531') + rect(236, 146, 188, 22, '#d9703f'),
        disc(220, 60, 13, '#fbeed6') +
          disc(330, 36, 16, '#fbeed6') +
          disc(440, 60, 13, '#fbeed6') +
          disc(330, 118, 12, '#d9703f'),
      ),
    ),
    block(['ROMAN', 'HOLIDAY'], { x: 40, top: 704, width: 520, ink: '#fbeed6', gap: 12, squeeze: 0.9 }),
    credit(film, { x: 40, y: 884, ink: '#0e4d4a' }),
  ],
}

const katana = (x: number, hilt: number, lean: number) =>
  turned(
    lean,
    x,
    760,
    rect(x - 6, hilt + 96, 12, 760 - hilt, '#14110f'),
    rect(x - 2, hilt + 112, 3, 640 - hilt, '#f0e3c4'),
    oval(x, hilt + 98, 30, 8, '#14110f'),
    rect(x - 10, hilt, 20, 96, '#14110f', 6),
    times(4, (i) =>
      poly([x, hilt + 10 + i * 21, x + 6, hilt + 19 + i * 21, x, hilt + 28 + i * 21, x - 6, hilt + 19 + i * 21], '#f0e3c4'),
    ),
  )

/** Seven swords on the hill where the village buries those who saved it. */
export const sevenSamurai: Poster = {
  background: '#ecdfc2',
  accent: '#c4261b',
  draw: (film) => [
    disc(356, 352, 236, '#c4261b'),
    times(26, (i) => line(`M${(i * 137) % 660} ${(i * 211) % 560}l-26 ${104 + ((i * 53) % 70)}`, 3, '#8f8a78')),
    [
      [70, 424, -6],
      [166, 330, -5],
      [250, 214, -3],
      [334, 120, 1],
      [412, 236, 3],
      [478, 322, 5],
      [536, 430, 6],
    ]
      .map(([x = 0, hilt = 0, lean = 0]) => katana(x, hilt, lean))
      .join(''),
    path('M-10 900V706Q130 640 220 618Q320 582 400 614Q520 650 610 700V900Z', '#14110f'),
    wedge(60, 720, 74, -90, 90, '#14110f') + wedge(540, 714, 66, -90, 90, '#14110f'),
    block(['SEVEN', 'SAMURAI'], { x: 60, top: 672, width: 480, ink: '#ecdfc2', gap: 13, squeeze: 0.92 }),
    credit(film, { x: 60, y: 878, ink: '#c4261b' }),
  ],
}
