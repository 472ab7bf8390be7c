import { credit, type Poster } from '../poster.ts'
import {
  arc,
  arcPath,
  curve,
  disc,
  leaf,
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
  within,
} from '../shapes.ts'
import { around, block, word } from '../type.ts'

const flower = (x: number, y: number, r: number) =>
  times(5, (i) => disc(...polar(x, y, r * 0.62, i * 72), r * 0.46, '#f0b64a')) + disc(x, y, r * 0.34, '#a31c2b')

const suit = [
  path('M600 0H488Q486 100 470 210H600Z', '#dcae83') + path('M600 0H574Q578 110 530 204L600 196Z', '#c5946a'),
  path('M462 152Q440 214 400 232Q342 252 346 330L372 900H610V180Z', '#211b1c'),
  poly([464, 160, 610, 160, 610, 330, 546, 650], '#f6ecd8'),
  poly([516, 206, 552, 206, 564, 250, 610, 520, 610, 640, 548, 640, 514, 560, 506, 250], '#a31c2b'),
  times(6, (i) =>
    poly([508 + i * 2, 290 + i * 58, 570 + i * 9, 258 + i * 58, 572 + i * 9, 276 + i * 58, 508 + i * 2, 308 + i * 58], '#f0b64a'),
  ),
  poly([466, 146, 442, 226, 508, 276, 534, 198], '#fffaf0') + poly([610, 150, 610, 262, 566, 272, 534, 198], '#fffaf0'),
  path('M446 224L404 330L456 352L432 396L560 720H610V600L546 660L490 330Z', '#2f2829') +
    line('M446 224L404 330L456 352L432 396L560 720', 4, '#6b5a54'),
]

/** Two neighbours pass so closely that nothing happens. */
export const inTheMoodForLove: Poster = {
  background: '#a31c2b',
  accent: '#f0b64a',
  draw: (film) => [
    times(9, (i) => rect(i * 72 - 10, 0, 26, 900, '#8d1624')),
    path('M120 0H232Q226 90 232 176H116Q128 90 120 0Z', '#ecc39a'),
    within(
      'dress',
      path(
        'M104 150Q172 118 244 150L250 214Q322 236 330 300Q336 350 296 380Q300 470 262 560Q322 680 330 900H-20V240Q60 230 98 214Z',
        '#fff',
      ),
      rect(-20, 100, 400, 800, '#16545a'),
      times(26, (i) => flower(18 + (i % 4) * 92 + (Math.floor(i / 4) % 2) * 46, 250 + Math.floor(i / 4) * 96, 33)),
      times(26, (i) =>
        leaf(52 + (i % 4) * 92 + (Math.floor(i / 4) % 2) * 46, 292 + Math.floor(i / 4) * 96, 46, 12, 40, '#7fae8c'),
      ),
      path('M96 120H260V214Q176 240 96 214Z', '#16545a') +
        line('M98 214Q176 240 252 214', 6, '#f0b64a') +
        line('M176 232Q230 280 306 300', 6, '#f0b64a'),
    ),
    disc(180, 196, 9, '#f0b64a') + disc(226, 264, 9, '#f0b64a'),
    ...suit,
    line(
      curve([338, 640, 318, 590, 352, 540, 322, 470, 356, 410, 318, 330, 346, 250, 312, 170, 340, 80, 322, -10]),
      9,
      '#f6ecd8',
    ) +
      line('M338 640L330 690', 9, '#fffaf0', 'butt') +
      line('M331 684L329 698', 9, '#f0b64a', 'butt'),
    rect(0, 722, 600, 178, '#7c101d') + rect(0, 722, 600, 6, '#f0b64a'),
    block(['IN THE MOOD', 'FOR LOVE'], { x: 40, top: 746, width: 520, ink: '#f6ecd8', gap: 11, squeeze: 0.84 }),
    credit(film, { x: 300, y: 882, align: 'center', ink: '#f0b64a' }),
  ],
}

const onion = (scale: number, ink: string) => {
  const s = (v: number, middle: number) => middle + (v - middle) * scale
  const [x, y] = [(v: number) => s(v, 300), (v: number) => s(v, 400)]
  return path(
    `M${x(300)} ${y(96)}C${x(312)} ${y(190)} ${x(520)} ${y(220)} ${x(520)} ${y(410)}C${x(520)} ${y(580)} ${x(400)} ${y(640)} ${x(300)} ${y(640)}C${x(200)} ${y(640)} ${x(80)} ${y(580)} ${x(80)} ${y(410)}C${x(80)} ${y(220)} ${x(288)} ${y(190)} ${x(300)} ${y(96)}Z`,
    ink,
  )
}

/** Ogres are like onions. */
export const shrek: Poster = {
  background: '#f4d467',
  accent: '#6c9a22',
  draw: (film) => [
    rays(300, 380, 20, 0, 700, 9, '#f0c63e', 9),
    [
      [-66, 122, 210],
      [66, 478, 210],
    ]
      .map(([turn = 0, x = 0, y = 0]) =>
        turned(
          turn,
          x,
          y,
          path(
            `M${x - 22} ${y + 70}Q${x - 28} ${y} ${x - 46} ${y - 74}Q${x} ${y - 110} ${x + 46} ${y - 74}Q${x + 28} ${y} ${x + 22} ${y + 70}Z`,
            '#6c9a22',
          ) + oval(x, y - 78, 42, 17, '#3e5a14'),
        ),
      )
      .join(''),
    onion(1, '#6c9a22') +
      onion(0.86, '#8fbb38') +
      onion(0.73, '#b4d45c') +
      onion(0.59, '#d6e796') +
      onion(0.45, '#8fbb38') +
      onion(0.31, '#b4d45c') +
      onion(0.17, '#f7f3d2'),
    line('M300 98Q292 60 264 36M300 98Q304 56 318 26M300 98Q316 70 350 56', 9, '#6c9a22'),
    [196, 404].map((x) => oval(x, 372, 46, 50, '#f7f3d2') + disc(x + (x < 300 ? 10 : -10), 380, 19, '#3a2414')).join(''),
    path('M142 336Q196 296 254 336Q196 322 142 336Z', '#3e5a14') + path('M346 336Q404 296 458 336Q404 322 346 336Z', '#3e5a14'),
    line(arcPath(300, 452, 104, 118, 242), 13, '#3e5a14'),
    [
      [60, 640],
      [548, 622],
      [520, 650],
    ]
      .map(([x = 0, y = 0]) => line(`M${x} ${y + 60}V${y - 120}`, 6, '#3a2414') + rect(x - 10, y - 150, 20, 66, '#3a2414', 10))
      .join(''),
    path('M0 640Q50 604 100 640T200 640T300 640T400 640T500 640T600 640V900H0Z', '#3a2414'),
    line('M0 684Q50 652 100 684T200 684T300 684T400 684T500 684T600 684', 6, '#6c9a22'),
    word('SHREK', { x: 40, y: 846, width: 520, cap: 128, ink: '#b4d45c' }),
    credit(film, { x: 40, y: 882, ink: '#f4d467' }),
  ],
}

/** Nine set out along the ring. */
export const theFellowshipOfTheRing: Poster = {
  background: '#191410',
  accent: '#dfa32a',
  draw: (film) => [
    times(44, (i) => disc((i * 173) % 600, (i * 97) % 640, 1.2 + (i % 3) * 0.7, '#6d5c3c')),
    within(
      'inside',
      disc(300, 346, 206, '#fff'),
      rect(0, 100, 600, 520, '#5a1712') + disc(336, 296, 150, '#8f2415') + disc(336, 296, 100, '#c93b19'),
      path('M238 296Q336 216 434 296Q336 376 238 296Z', '#f2c14a') + path('M336 236Q354 296 336 356Q318 296 336 236Z', '#191410'),
      path('M60 580L206 392L250 430L336 322L418 440L456 410L560 580Z', '#2b1d17') +
        poly([336, 322, 318, 345, 330, 362, 346, 352, 356, 366, 362, 356], '#c93b19') +
        line('M336 352L346 400L332 440L352 486', 7, '#c93b19'),
      path('M60 520Q180 440 300 480T540 470V640H60Z', '#191410'),
    ),
    ring(300, 346, 236, 62, '#dfa32a') + ring(300, 346, 262, 8, '#f7dc85') + ring(300, 346, 208, 6, '#8c5a12'),
    arc(300, 346, 236, 200, 296, 62, '#b97b1a') +
      around('THE FELLOWSHIP OF THE RING', { cx: 300, cy: 346, r: 224, middle: 0, cap: 27, ink: '#3d2408', spacing: 0.05 }),
    times(9, (i) => {
      const angle = 146 + i * 8.6
      const [x, y] = polar(300, 346, 208, angle)
      const tall = [44, 27, 28, 27, 27, 40, 41, 30, 42][i] ?? 30
      return turned(
        0,
        x,
        y,
        disc(x, y - tall, 7, '#f7dc85') +
          poly([x - 4, y - tall + 7, x + 4, y - tall + 7, x + 10, y + 4, x - 10, y + 4], '#f7dc85') +
          (i === 0
            ? poly([x - 9, y - tall - 4, x + 9, y - tall - 4, x + 2, y - tall - 26], '#f7dc85') +
              line(`M${x + 15} ${y + 4}V${y - tall - 14}`, 3, '#f7dc85')
            : ''),
      )
    }),
    block(['THE LORD', 'OF THE RINGS'], { x: 40, top: 652, width: 520, ink: '#dfa32a', gap: 15, squeeze: 1.26 }),
    credit(film, { x: 300, y: 878, align: 'center', ink: '#f7dc85' }),
  ],
}
