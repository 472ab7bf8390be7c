/** Raise it when the folding changes: rows folded otherwise are folded again. */
export const FOLDING = 1

/** One Latin spelling for what Ukrainian, Russian and others write; y, j and i are one letter, as few people agree on them. */
const LETTERS = new Map(
  (
    'а:a б:b в:v г:g ґ:g д:d е:e є:ie ж:zh з:z и:i і:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch ' +
    "ъ: ы:i ь: э:e ю:iu я:ia y:i j:i ß:ss æ:ae œ:oe ø:o ł:l đ:d ð:d þ:th ı:i ς:σ ʼ:' ’:' ‘:' ʹ:'"
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
)
const UKRAINIAN = new Map([...LETTERS, ['г', 'h']])

const fold = (text: string, letters: Map<string, string>) => {
  const plain = text.toWellFormed().normalize('NFKD').toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '')
  let folded = ''
  for (const letter of plain) folded += letters.get(letter) ?? letter
  return folded.replaceAll(/\s+/g, ' ').trim()
}

/** The form in which texts are searched and asked for: no case, no accents, one alphabet; all other signs stay themselves. */
export const searchText = (text: string): string => fold(text, LETTERS)

/** What is kept of a text: Ukrainians write a Latin h where Russians write a g, so such a text is kept in both spellings. */
export const searchForms = (text: string): string[] =>
  [...new Set([searchText(text), fold(text, UKRAINIAN)])].filter((form) => form !== '')

/** Texts as lines that begin and end with a line break, so that the beginning of a line can be looked for. */
export const searchLines = (texts: (string | null | undefined)[]): string => {
  const lines = new Set(texts.flatMap((text) => searchForms(text ?? '')))
  return lines.size === 0 ? '' : `\n${[...lines].join('\n')}\n`
}

/** A pattern's own signs mean themselves. */
const literal = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`)

const SHORT = 5
const ALIKE_WHEN_SHORT = 0.39
const ALIKE = 0.5

/** A search as the database takes it; undefined when nothing is left to look for. */
export const searchTerms = (text: string) => {
  const phrase = searchText(text)
  if (phrase === '') return undefined
  const words = [...new Set(phrase.split(' '))].toSorted((a, b) => b.length - a.length)
  return {
    phrase,
    prefix: literal(phrase),
    patterns: words.map((word) => `%${literal(word)}%`),
    likeness: phrase.length <= SHORT ? ALIKE_WHEN_SHORT : ALIKE,
  }
}
export type SearchTerms = NonNullable<ReturnType<typeof searchTerms>>
