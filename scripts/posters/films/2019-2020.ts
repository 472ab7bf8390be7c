import { credit, type Poster } from '../poster.ts'
import { arc, curve, disc, leaf, line, path, polar, poly, rays, rect, times, turned } from '../shapes.ts'
import { block, word } from '../type.ts'

const EMBRACE =
  'M236 300Q212 340 214 400Q176 420 172 470Q150 560 176 640L186 760M352 330Q372 360 366 410Q420 430 424 490Q440 560 414 640L404 760M214 400Q300 440 372 480M366 414Q300 450 216 500M240 480L244 640L236 760M348 480L346 640L352 760M244 600H346'

/** The cold camera sees one warm thing. */
export const atlantis: Poster = {
  background: '#141a3a',
  accent: '#f5a11f',
  draw: (film) => [
    times(9, (i) => rect(0, i * 72, 600, 40, i % 2 ? '#171f45' : '#1a2350')),
    rect(40, 130, 46, 520, '#0c1028') +
      rect(108, 60, 36, 600, '#0c1028') +
      poly([440, 240, 470, 240, 486, 660, 424, 660], '#0c1028') +
      rect(508, 180, 60, 480, '#0c1028') +
      line('M60 130L126 300M500 260L570 340M40 420L140 380', 9, '#0c1028'),
    line('M62 120Q24 70 74 40T50 -20M126 50Q92 10 132 -20M538 170Q500 100 560 70T540 -20', 20, '#28316a'),
    path('M0 640Q150 600 300 650T600 636V900H0Z', '#0c1028'),
    [
      [196, '#28246a'],
      [158, '#5a2380'],
      [122, '#a32675'],
      [90, '#e2453c'],
      [60, '#f5a11f'],
      [32, '#fbe36a'],
      [12, '#fffbe6'],
    ]
      .map(
        ([width, ink]) =>
          line(EMBRACE, Number(width), String(ink)) +
          disc(262, 244, 22 + Number(width) * 0.34, String(ink)) +
          disc(336, 272, 20 + Number(width) * 0.34, String(ink)),
      )
      .join(''),
    rect(0, 738, 600, 162, '#0c1028'),
    line('M30 40V20H50M570 40V20H550M30 690V710H50M570 690V710H550', 4, '#8c93c4', 'square') +
      line('M286 344H314M300 330V358', 3, '#0c1028', 'butt'),
    times(40, (i) =>
      rect(
        584,
        60 + i * 15,
        8,
        15,
        ['#fffbe6', '#fbe36a', '#f5a11f', '#e2453c', '#a32675', '#5a2380', '#28246a', '#1a2350'][Math.floor(i / 5)] ?? '#1a2350',
      ),
    ),
    word('ATLANTIS', { x: 40, y: 826, width: 520, ink: '#fbe36a' }),
    word('АТЛАНТИДА', { x: 40, y: 868, cap: 16, weight: 600, spacing: 0.2, ink: '#e2453c' }),
    credit(film, { x: 560, y: 868, align: 'right', ink: '#8c93c4' }),
  ],
}

/** A very tall man listens to a very small duck. */
export const myThoughtsAreSilent: Poster = {
  background: '#f3b7a0',
  accent: '#1f6f63',
  draw: (film) => [
    path('M0 640L90 560L170 622L270 520L380 612L480 540L600 640V900H0Z', '#7fae8c') + rect(0, 680, 600, 220, '#1f6f63'),
    poly([300, 430, 380, 430, 372, 812, 334, 812], '#1d2440') +
      poly([398, 430, 472, 430, 462, 812, 424, 812], '#1d2440') +
      rect(318, 806, 62, 22, '#14110f', 11) +
      rect(420, 806, 62, 22, '#14110f', 11),
    path('M292 210Q384 180 482 210L478 446H296Z', '#e6502e') + times(4, (i) => rect(294, 250 + i * 48, 188, 17, '#f6e7d3')),
    rect(362, 150, 46, 66, '#f2cfae') +
      path('M322 70Q322 20 386 18T450 74V110Q444 170 386 174T322 110Z', '#f2cfae') +
      path('M318 84Q316 8 386 8T454 84Q430 50 386 54T318 84Z', '#6b3f22'),
    arc(386, 88, 80, -90, 90, 13, '#14110f') + rect(292, 66, 36, 62, '#14110f', 15) + rect(444, 66, 36, 62, '#14110f', 15),
    disc(360, 96, 6, '#14110f') + disc(408, 96, 6, '#14110f') + line('M384 100L378 124H390M366 146H402', 5, '#a5693f'),
    line('M306 232L196 300L150 402', 34, '#e6502e') +
      line('M470 232L520 340L400 392L256 366', 34, '#e6502e') +
      disc(146, 412, 21, '#f2cfae') +
      disc(250, 366, 21, '#f2cfae'),
    line('M330 331L62 449', 9, '#14110f') +
      line('M62 449V560', 5, '#14110f') +
      rect(34, 548, 56, 108, '#8d8a80', 28) +
      times(5, (i) => line(`M40 ${574 + i * 15}H84`, 3, '#14110f')),
    path(
      'M38 762Q40 720 92 724L128 724Q126 690 158 690Q190 690 190 722Q190 742 176 752Q180 806 112 806Q44 806 38 762Z',
      '#f6e7d3',
    ) +
      path('M126 724Q126 690 158 690Q190 690 190 722Q190 738 180 748Q150 758 128 742Z', '#0f3d37') +
      path('M188 716L222 724L188 736Z', '#f2a12e') +
      disc(166, 714, 5, '#f6e7d3') +
      path('M60 754Q104 740 138 762Q110 792 70 780Z', '#b98a5c') +
      line('M128 748Q150 760 178 750', 6, '#ffffff') +
      line('M100 806V822M126 806V822', 6, '#f2a12e'),
    [0, 1, 2].map((i) => arc(158, 716, 50 + i * 23, -72, -22, 7, '#f3b7a0')).join(''),
    ...['MY', 'THOUGHTS', 'ARE', 'SILENT'].map((part, i) =>
      word(part, { x: 36, y: 82 + i * 52, width: 216, cap: 42, ink: '#14110f' }),
    ),
    word('МОЇ ДУМКИ ТИХІ', { x: 36, y: 872, cap: 17, ink: '#f3b7a0' }),
    credit(film, { x: 564, y: 872, align: 'right', ink: '#f6e7d3' }),
  ],
}

/** A blue orange; what is peeled off it is film. */
export const theEarthIsBlueAsAnOrange: Poster = {
  background: '#f28a1e',
  accent: '#1d57a8',
  draw: (film) => [
    rays(300, 330, 16, 0, 760, 11, '#f59a38', 6),
    disc(316, 312, 236, '#133c78') +
      disc(300, 300, 236, '#1d57a8') +
      disc(300, 300, 204, '#f6ecd6') +
      disc(300, 300, 188, '#1d57a8'),
    times(10, (i) =>
      turned(
        i * 36,
        300,
        300,
        path('M300 290Q250 190 262 140Q300 112 338 140Q350 190 300 290Z', i % 5 === 2 ? '#f6c93b' : '#5d9be0'),
        leaf(284, 216, 40, 7, 8, '#a9cdf2'),
      ),
    ),
    times(10, (i) =>
      line(
        `M300 300L${polar(300, 300, 190, i * 36 + 18)
          .map(Math.round)
          .join(' ')}`,
        8,
        '#f6ecd6',
        'butt',
      ),
    ) +
      disc(300, 300, 26, '#f6ecd6') +
      disc(300, 300, 10, '#17130f'),
    line(
      curve([86, 398, 120, 500, 240, 560, 400, 560, 520, 590, 560, 660, 480, 716, 330, 690, 180, 664, 60, 676, -40, 690]),
      78,
      '#17130f',
      'butt',
    ),
    `<path fill="none" stroke="#f6ecd6" stroke-width="66" stroke-dasharray="9 15" d="${curve([86, 398, 120, 500, 240, 560, 400, 560, 520, 590, 560, 660, 480, 716, 330, 690, 180, 664, 60, 676, -40, 690])}"/>`,
    line(
      curve([86, 398, 120, 500, 240, 560, 400, 560, 520, 590, 560, 660, 480, 716, 330, 690, 180, 664, 60, 676, -40, 690]),
      50,
      '#17130f',
      'butt',
    ),
    `<path fill="none" stroke="#1d57a8" stroke-width="42" stroke-dasharray="58 8" d="${curve([86, 398, 120, 500, 240, 560, 400, 560, 520, 590, 560, 660, 480, 716, 330, 690, 180, 664, 60, 676, -40, 690])}"/>`,
    leaf(316, 76, 150, 50, 62, '#2f6b3b') + line('M318 74L430 18', 4, '#1d4a28') + line('M300 92Q300 50 318 20', 13, '#5a3a1e'),
    block(['THE EARTH IS BLUE', 'AS AN ORANGE'], { x: 40, top: 761, width: 520, ink: '#17130f', gap: 8, squeeze: 0.83 }),
    word('ЗЕМЛЯ БЛАКИТНА, НІБИ АПЕЛЬСИН', { x: 40, y: 863, width: 520, weight: 900, ink: '#133c78' }),
    credit(film, { x: 40, y: 886, ink: '#f6ecd6' }),
  ],
}
