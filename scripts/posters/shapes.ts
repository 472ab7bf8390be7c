/** A piece of a picture, as SVG. */
export type Mark = string

export const number = (value: number): string => String(Math.round(value * 10) / 10)
const numbers = (values: number[]) => values.map(number).join(' ')

export const path = (d: string, ink: string): Mark => `<path fill="${ink}" d="${d}"/>`

export const rect = (x: number, y: number, width: number, height: number, ink: string, round = 0): Mark =>
  `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"${round ? ` rx="${number(round)}"` : ''} fill="${ink}"/>`

export const disc = (cx: number, cy: number, r: number, ink: string): Mark =>
  `<circle cx="${number(cx)}" cy="${number(cy)}" r="${number(r)}" fill="${ink}"/>`

export const oval = (cx: number, cy: number, rx: number, ry: number, ink: string): Mark =>
  `<ellipse cx="${number(cx)}" cy="${number(cy)}" rx="${number(rx)}" ry="${number(ry)}" fill="${ink}"/>`

export const ring = (cx: number, cy: number, r: number, width: number, ink: string): Mark =>
  `<circle cx="${number(cx)}" cy="${number(cy)}" r="${number(r)}" fill="none" stroke="${ink}" stroke-width="${number(width)}"/>`

export const poly = (points: number[], ink: string): Mark => path(`M${numbers(points)}Z`, ink)

/** A stroke along a path, round at its ends unless told otherwise. */
export const line = (d: string, width: number, ink: string, cap: 'round' | 'butt' | 'square' = 'round'): Mark =>
  `<path fill="none" stroke="${ink}" stroke-width="${number(width)}" stroke-linecap="${cap}" stroke-linejoin="${cap === 'round' ? 'round' : 'miter'}" d="${d}"/>`

/** A point on a circle; 0 degrees is up, clockwise. */
export const polar = (cx: number, cy: number, r: number, degrees: number): [x: number, y: number] => {
  const angle = (degrees * Math.PI) / 180
  return [cx + r * Math.sin(angle), cy - r * Math.cos(angle)]
}

const sweep = (from: number, to: number) => (Math.abs(to - from) > 180 ? 1 : 0)

export const arcPath = (cx: number, cy: number, r: number, from: number, to: number): string =>
  `M${numbers(polar(cx, cy, r, from))}A${number(r)} ${number(r)} 0 ${sweep(from, to)} ${to > from ? 1 : 0} ${numbers(polar(cx, cy, r, to))}`

export const arc = (cx: number, cy: number, r: number, from: number, to: number, width: number, ink: string): Mark =>
  line(arcPath(cx, cy, r, from, to), width, ink, 'butt')

export const wedge = (cx: number, cy: number, r: number, from: number, to: number, ink: string): Mark =>
  path(`${arcPath(cx, cy, r, from, to)}L${numbers([cx, cy])}Z`, ink)

/** Beams from a centre, each `spread` degrees wide. */
export const rays = (
  cx: number,
  cy: number,
  count: number,
  inner: number,
  outer: number,
  spread: number,
  ink: string,
  start = 0,
): Mark =>
  path(
    Array.from({ length: count }, (_, index) => {
      const middle = start + (index * 360) / count
      const corners = [
        polar(cx, cy, inner, middle - spread / 2),
        polar(cx, cy, outer, middle - spread / 2),
        polar(cx, cy, outer, middle + spread / 2),
        polar(cx, cy, inner, middle + spread / 2),
      ]
      return `M${numbers(corners.flat())}Z`
    }).join(''),
    ink,
  )

export const star = (cx: number, cy: number, points: number, inner: number, outer: number, ink: string, turn = 0): Mark =>
  poly(Array.from({ length: points * 2 }, (_, i) => polar(cx, cy, i % 2 ? inner : outer, turn + (i * 180) / points)).flat(), ink)

/** A lens shape with its foot at x, y, growing towards `degrees`. */
export const leafPath = (x: number, y: number, length: number, width: number, degrees: number): string => {
  const tip = polar(x, y, length, degrees)
  const [left, right] = [-1, 1].map((side) => {
    const [mx, my] = polar(x, y, length * 0.45, degrees)
    return polar(mx, my, width, degrees + 90 * side)
  }) as [[number, number], [number, number]]
  const [foot, ...rest] = [
    [x, y],
    [...left, ...tip],
    [...right, x, y],
  ].map((point) => point.map(Math.round).join(' '))
  return `M${foot}Q${rest.join('Q')}Z`
}

export const leaf = (x: number, y: number, length: number, width: number, degrees: number, ink: string): Mark =>
  path(leafPath(x, y, length, width, degrees), ink)

const bend = (points: [number, number][], closed: boolean) => {
  const at = (index: number): [number, number] => {
    const place = closed ? (index + points.length) % points.length : Math.min(Math.max(index, 0), points.length - 1)
    return points[place] ?? [0, 0]
  }
  return points.slice(0, closed ? undefined : -1).map((here, i) => {
    const [before, next, after] = [at(i - 1), at(i + 1), at(i + 2)]
    const out = [here[0] + (next[0] - before[0]) / 6, here[1] + (next[1] - before[1]) / 6]
    const into = [next[0] - (after[0] - here[0]) / 6, next[1] - (after[1] - here[1]) / 6]
    return `C${numbers([...out, ...into, ...next])}`
  })
}

const pairs = (points: number[]): [number, number][] =>
  Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i] ?? 0, points[2 * i + 1] ?? 0])

/** A smooth open line through the points. */
export const curve = (points: number[]): string => `M${numbers(points.slice(0, 2))}${bend(pairs(points), false).join('')}`

/** A smooth closed shape through the points. */
export const blob = (points: number[], ink: string): Mark =>
  path(`M${numbers(points.slice(0, 2))}${bend(pairs(points), true).join('')}Z`, ink)

/** Marks with an edge around them, to stand clear of what lies behind. */
export const edged = (width: number, ink: string, ...marks: Mark[]): Mark =>
  `<g stroke="${ink}" stroke-width="${number(width)}" stroke-linejoin="round">${marks.join('')}</g>`

/** Marks moved, turned or scaled together. */
export const at = (transform: string, ...marks: Mark[]): Mark => `<g transform="${transform}">${marks.join('')}</g>`

export const turned = (degrees: number, cx: number, cy: number, ...marks: Mark[]): Mark =>
  at(`rotate(${number(degrees)} ${numbers([cx, cy])})`, ...marks)

/** Marks seen only through a shape. */
export const within = (id: string, shape: Mark, ...marks: Mark[]): Mark =>
  `<clipPath id="${id}">${shape}</clipPath><g clip-path="url(#${id})">${marks.join('')}</g>`

export const times = (count: number, draw: (index: number) => Mark): Mark =>
  Array.from({ length: count }, (_, i) => draw(i)).join('')
