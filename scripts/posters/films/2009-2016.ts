import { credit, type Poster } from '../poster.ts'
import { arc, arcPath, at, disc, line, path, polar, poly, rays, rect, ring, star, times, turned, wedge } from '../shapes.ts'
import { block, word } from '../type.ts'

const island = (x: number, y: number, scale: number) =>
  at(
    `translate(${x} ${y}) scale(${scale})`,
    path(
      'M-130 0Q-110 -30 -70 -26Q-40 -58 0 -40Q50 -62 80 -28Q124 -26 132 0L96 60L72 54L40 150L14 120L-12 210L-44 110L-66 124L-92 50Z',
      '#13566b',
    ),
    path('M-130 0Q-110 -30 -70 -26Q-40 -58 0 -40Q50 -62 80 -28Q124 -26 132 0Q60 24 0 12T-130 0Z', '#7fc96a'),
    line('M-64 14V96M-30 18L-24 150M56 12V90', 5, '#d6f5f0'),
  )

/** Two hands that reach for each other, one with a finger less. */
export const avatar: Poster = {
  background: '#0b2746',
  accent: '#3fb9d6',
  draw: (film) => [
    disc(110, 100, 210, '#12395f') + disc(110, 100, 150, '#1a4d79'),
    times(36, (i) => disc((i * 167) % 600, (i * 113) % 720, 2 + (i % 4), i % 3 ? '#3fb9d6' : '#c9f56a')),
    island(128, 190, 0.92) + island(500, 540, 0.72) + island(80, 452, 0.44),
    line('M640 -40L470 190', 152, '#3a78d8', 'butt') + at('rotate(36 450 214)', rect(372, 130, 156, 130, '#3a78d8', 50)),
    line('M404 224L340 300L296 392M438 254L392 330L352 420M478 268L450 352L416 434', 44, '#3a78d8') +
      line('M396 186L306 226L258 280', 40, '#3a78d8'),
    line('M600 -10L560 120M640 60L536 176M520 20L500 120M470 140L520 180M410 236L446 240', 13, '#1f4da6') +
      line('M368 288L344 272M416 308L392 296M466 322L440 316', 9, '#1f4da6'),
    times(9, (i) => disc(556 - i * 17, 44 + i * 24, 5, '#c9f56a')) +
      times(4, (i) => disc(420 - i * 22, 212 + i * 36, 4, '#c9f56a')),
    line('M-20 820L150 600', 92, '#e9b98e', 'butt') + at('rotate(38 160 586)', rect(108, 536, 100, 100, '#e9b98e', 36)),
    line('M184 548L228 496L264 420M204 562L252 512L298 452M216 584L268 546L312 500M218 610L262 590L298 560', 25, '#e9b98e') +
      line('M140 566L150 506L186 458', 25, '#e9b98e'),
    poly([-30, 760, 90, 660, 152, 722, 20, 910, -30, 910], '#5d6b46') + line('M94 664L150 716', 13, '#3c4730', 'butt'),
    rays(284, 408, 14, 26, 52, 5, '#c9f56a') + disc(284, 406, 12, '#f4ffd8'),
    word('AVATAR', { x: 560, y: 836, width: 470, cap: 78, align: 'right', ink: '#f4ffd8' }),
    credit(film, { x: 560, y: 872, align: 'right', ink: '#3fb9d6' }),
  ],
}

const SKYLINE = [90, 132, 70, 150, 112, 60, 164, 96, 128, 78, 118, 56]

const street = (ink: string, light: string) =>
  path(
    times(12, (i) => `M${-300 + i * 50} 304v${-4 - (SKYLINE[i] ?? 0)}${i % 3 === 0 ? 'l24 -30l24 30' : 'h48'}V304Z`),
    ink,
  ) +
  `<path fill="none" stroke="${light}" stroke-width="10" stroke-dasharray="13 15" d="${SKYLINE.map(
    (height, i) => `M${-286 + i * 50} ${312 - height}V300m19 ${12 - height}V300`,
  ).join('')}"/>`

const dream = (level: number, inner: string) => {
  const [ink, light] = level % 2 ? ['#d4482a', '#f3e6cf'] : ['#1a2733', '#e9b84a']
  return at(
    `scale(${level === 0 ? 1 : 0.56}) rotate(${level === 0 ? 0 : 11})`,
    rect(-300, -300, 600, 600, level % 2 ? '#f3e6cf' : '#9fb6bd'),
    times(4, (side) => at(`rotate(${side * 90})`, street(ink ?? '', light ?? ''))),
    inner,
  )
}

/** A city folded four times, in it a city, in it a top that does not fall. */
export const inception: Poster = {
  background: '#1a2733',
  accent: '#d4482a',
  draw: (film) => [
    at(
      'translate(300 330) scale(1.1)',
      dream(
        0,
        dream(
          1,
          dream(
            2,
            at(
              'scale(1.5) rotate(-20)',
              poly([-6, -98, 6, -98, 9, -52, 84, -22, 84, -6, 10, 74, 0, 108, -10, 74, -84, -6, -84, -22, -9, -52], '#d4482a') +
                poly([0, -98, 6, -98, 9, -52, 84, -22, 84, -6, 10, 74, 0, 108], '#8f2a16') +
                rect(-84, -22, 168, 9, '#f3e6cf'),
            ),
          ),
        ),
      ),
    ),
    rect(0, 656, 600, 244, '#1a2733'),
    word('INCEPTION', { x: 300, y: 768, width: 520, cap: 74, align: 'center', ink: '#f3e6cf' }),
    at(
      'translate(0 1560) scale(1 -1)',
      word('INCEPTION', { x: 300, y: 768, width: 520, cap: 40, align: 'center', ink: '#d4482a' }),
    ),
    credit(film, { x: 300, y: 872, align: 'center', ink: '#9fb6bd' }),
  ],
}

/** The wheel is the skull is the faith. */
export const madMaxFuryRoad: Poster = {
  background: '#e7681c',
  accent: '#f8c03e',
  draw: (film) => [
    rays(300, 318, 22, 0, 760, 8, '#f08a2a') + path('M0 566Q150 520 300 560T600 540V900H0Z', '#a5230f'),
    times(9, (i) => disc(-10 + i * 78, 560 - ((i * 53) % 70), 46 + ((i * 31) % 38), '#f8c03e')) +
      path('M0 570H600V640H0Z', '#f8c03e'),
    poly([252, 560, 348, 560, 640, 900, -40, 900], '#17110d'),
    turned(
      -8,
      300,
      310,
      times(12, (i) => turned(i * 30, 300, 310, path('M270 84Q262 40 290 -2Q292 34 308 20Q300 52 330 84Z', '#a5230f'))),
      ring(300, 310, 218, 44, '#17110d') + times(16, (i) => disc(...polar(300, 310, 218, i * 22.5), 8, '#e7681c')),
      line('M96 300L220 300M380 300L504 300M300 420V520', 38, '#17110d', 'butt'),
      path(
        'M300 172C392 172 424 236 416 300Q410 340 380 356L374 398Q340 428 300 428T226 398L220 356Q190 340 184 300C176 236 208 172 300 172Z',
        '#f6e6c6',
      ),
      path('M208 284Q252 252 284 288Q286 338 246 342Q204 336 208 284Z', '#17110d') +
        path('M392 284Q348 252 316 288Q314 338 354 342Q396 336 392 284Z', '#17110d'),
      poly([300, 324, 282, 368, 298, 362, 318, 368], '#17110d') +
        line('M240 394H360M256 384V424M278 384V428M300 384V430M322 384V428M344 384V424', 6, '#17110d'),
      line('M330 176L312 214L336 232L320 258', 6, '#17110d'),
    ),
    word('MAD MAX', { x: 300, y: 664, width: 196, cap: 38, align: 'center', ink: '#f8c03e' }),
    word('FURY', { x: 300, y: 752, width: 290, cap: 76, align: 'center', ink: '#f8c03e' }),
    word('ROAD', { x: 300, y: 854, width: 440, cap: 88, align: 'center', ink: '#f8c03e' }),
    credit(film, { x: 300, y: 882, align: 'center', ink: '#f6e6c6' }),
  ],
}

const keys = () =>
  times(13, (i) => {
    const from = -56 + i * 8.6
    return (
      path(
        `${arcPath(300, 1000, 500, from, from + 8)}L${polar(300, 1000, 330, from + 8).join(' ')}${arcPath(300, 1000, 330, from + 8, from).replace('M', 'L')}Z`,
        '#fbf3df',
      ) + (i % 7 === 2 || i % 7 === 6 ? '' : arc(300, 1000, 450, from + 6.2, from + 10.8, 104, '#17112f'))
    )
  })

/** They dance on the keyboard, above the lights of the city. */
export const laLaLand: Poster = {
  background: '#3a2a8c',
  accent: '#f9c62f',
  draw: (film) => [
    rect(0, 0, 600, 210, '#241a63') +
      path('M0 210Q300 150 600 210V420H0Z', '#3a2a8c') +
      rect(0, 390, 600, 130, '#7b3fa6') +
      rect(0, 500, 600, 200, '#d8588f'),
    times(17, (i) => star((i * 191) % 590, 24 + ((i * 83) % 350), 4, 2.4, 9 + (i % 3) * 4, '#fbf3df')),
    path('M0 520Q120 470 220 512T420 500T600 516V700H0Z', '#241a63') +
      times(34, (i) => disc((i * 61) % 600, 540 + ((i * 37) % 80), 3, i % 2 ? '#f9c62f' : '#fbf3df')),
    wedge(300, 1000, 512, -90, 90, '#17112f') + keys() + wedge(300, 1000, 330, -90, 90, '#17112f'),
    line('M508 534V250', 9, '#17112f') +
      path('M486 250H530L522 196H494Z', '#f9c62f') +
      poly([484, 196, 532, 196, 508, 172], '#17112f') +
      line('M486 523L530 543', 10, '#17112f') +
      disc(508, 222, 52, '#f9c62f40'),
    // She
    path('M300 320Q282 336 284 372Q210 420 206 472Q270 452 326 476Q330 420 318 372Q326 340 316 322Z', '#f9c62f'),
    disc(306, 296, 18, '#f3c49c') +
      path('M290 300Q284 272 308 276Q330 274 328 292Q306 286 298 304Q286 322 276 314Q288 310 290 300Z', '#8f2f1a'),
    line('M312 330L340 300L364 290M292 334L244 300L206 306', 11, '#f3c49c') +
      line('M268 462L238 512M296 462L312 508', 11, '#f3c49c') +
      line('M312 508l14 2M238 512l-14 -2', 9, '#f9c62f'),
    // He
    disc(420, 262, 17, '#f3c49c') + path('M404 262Q402 240 424 242Q442 246 436 264Q428 252 412 254Z', '#17112f'),
    path('M396 292Q420 278 446 292L442 384H404Z', '#17112f') +
      poly([414, 286, 428, 286, 420, 330], '#fbf3df') +
      line('M420 290V324', 4, '#d8588f') +
      line('M402 300L366 290M442 300L478 336', 13, '#17112f') +
      line('M412 380L392 440L400 504M434 380L456 430L488 476', 16, '#17112f'),
    line('M398 508l18 2M486 480l18 4', 9, '#fbf3df'),
    block(['LA LA', 'LAND'], { x: 300, align: 'center', top: 728, width: 244, ink: '#f9c62f', gap: 12 }),
    credit(film, { x: 300, y: 872, align: 'center', ink: '#f9c62f' }),
  ],
}
