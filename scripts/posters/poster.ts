import { type Mark, number, rect } from './shapes.ts'
import { word } from './type.ts'

export type Film = { slug: string; title: string; original_title: string | null; year: number; directors: string[] }

/** One film's picture, drawn on a sheet of 600 by 900. The background and the accent are also what a page shows before it. */
export type Poster = { background: string; accent: string; draw: (film: Film) => Mark[] }

export const WIDTH = 600
export const HEIGHT = 900

type Place = { x: number; y: number; ink: string; align?: 'left' | 'center' | 'right'; cap?: number }

/** Who made it, and when: the small print of the family. */
export const credit = ({ directors, year }: Film, place: Place): Mark =>
  word(`${directors.join(', ')} · ${year}`.toUpperCase(), { cap: 9.5, weight: 600, spacing: 0.06, ...place })

/** A number line that is the same at every run: the files are compared with what the script draws. */
export const randomFrom = (seed: string): (() => number) => {
  let state = [...seed].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16777619), 2166136261)
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

/** Specks where the ink missed the paper. */
const grain = (seed: string): Mark => {
  const random = randomFrom(seed)
  const specks = (count: number, ink: string, opacity: number, width: number) =>
    `<path fill="none" stroke="${ink}" stroke-opacity="${opacity}" stroke-width="${width}" stroke-linecap="round" d="${Array.from(
      { length: count },
      () => {
        const [x, y, dx, dy] = [random() * WIDTH, random() * HEIGHT, random() * 4 - 2, random() * 4 - 2]
        return `M${Math.round(x)} ${Math.round(y)}l${number(dx)} ${number(dy)}`
      },
    ).join('')}"/>`
  return specks(170, '#fff8e8', 0.2, 1.5) + specks(120, '#14110f', 0.16, 1.4)
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export const posterText = (film: Film, { background, draw }: Poster): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">`,
    `<title>${escape(film.title)}</title>`,
    rect(0, 0, WIDTH, HEIGHT, background),
    ...draw(film),
    grain(film.slug),
    '</svg>\n',
  ].join('\n')
