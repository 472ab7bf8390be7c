import { Temporal } from 'temporal-polyfill'

const LETTERS =
  'а:a б:b в:v г:h ґ:g д:d е:e є:ie ж:zh з:z и:y і:i ї:i й:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch ь: ю:iu я:ia ы:y э:e ё:e ъ: ’: ʼ:'
const LATIN = new Map(LETTERS.split(' ').map((pair) => pair.split(':') as [string, string])).set("'", '')

/** 12-dune: the number finds the film, the words are for people. As the web app writes its links. */
export const slugOf = ({ id, name }: { id: number; name: string }): string => {
  const latin = [...name.toWellFormed().toLowerCase()].map((letter) => LATIN.get(letter) ?? letter).join('')
  const words = latin
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return words === '' ? String(id) : `${id}-${words}`
}

/** The number that an address begins with; undefined when there is none. */
export const idOf = (slug: string): number | undefined => {
  const [, digits] = /^(\d{1,15})(?:-|$)/.exec(slug) ?? []
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits)
}

export const escapeMarkup = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

const IN_SCRIPT: Record<string, string> = {
  '<': String.raw`\u003c`,
  '>': String.raw`\u003e`,
  '&': String.raw`\u0026`,
  '\u2028': String.raw`\u2028`,
  '\u2029': String.raw`\u2029`,
}

/** JSON that cannot end the script it stands in. */
export const escapeJson = (json: string): string => json.replaceAll(/[<>&\u2028\u2029]/g, (sign) => IN_SCRIPT[sign] ?? sign)

/** A text on one line, cut between words. */
export const shorten = (text: string, most: number): string => {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
  if (line.length <= most) return line
  const cut = line.slice(0, most)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2)).replace(/[\s,.;:–—-]+$/u, '')}…`
}

/** A moment with the offset of the place. */
export const withOffset = (moment: Date, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(timezone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' })

/** Which picture or page an address in the data means, for who reads it elsewhere. */
export const absolute = (address: string, publicUrl: string): string =>
  address.startsWith('/') ? `${publicUrl}${address}` : address

/** A share of a thread's time, and so much at once when it has rested. Moments in milliseconds of one steady clock. */
export const createAllowance = ({ share, most_ms }: { share: number; most_ms: number }) => {
  let left = most_ms
  let seen = 0
  let counted = 0
  const rest = (until: number) => {
    left = Math.min(most_ms, left + (until - seen) * share)
    seen = until
  }
  return {
    isLeft: (now: number): boolean => {
      rest(now)
      return left > 0
    },
    /** Work that waited for other work counts from the end of that: no moment is counted twice. */
    spend: (from: number, until: number) => {
      rest(until)
      left -= until - Math.max(from, counted)
      counted = until
    },
  }
}
