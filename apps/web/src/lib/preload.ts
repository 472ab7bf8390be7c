import type { Language } from './language.ts'

/**
 * What the server knew when it wrote this page. Both sides paint the first picture from it and from the address alone, so
 * that it is one picture. Without `painted` there is only data: the browser paints for itself, at its own time.
 */
export type Beginning = {
  /** Answers of the API by path and query; each is good for one query. */
  answers: Record<string, unknown>
  painted?: { language: Language; now: number; cinema: string | undefined }
}

const answersIn = (text: string | null | undefined): Record<string, unknown> => {
  try {
    return JSON.parse(text ?? '{}') as Record<string, unknown>
  } catch {
    return {}
  }
}

const read = (): Beginning => {
  if (typeof document === 'undefined') return { answers: {} }
  const answers = answersIn(document.querySelector('#preload')?.textContent)
  const { language, now, cinema } = document.querySelector<HTMLElement>('#root')?.dataset ?? {}
  if (language === undefined || now === undefined) return { answers }
  return { answers, painted: { language: language as Language, now: Number(now), cinema } }
}

let beginning = read()
let isAwake = beginning.painted === undefined

/** The server paints many pages, one after the other. */
export const beginWith = (given: Beginning): void => {
  beginning = given
  isAwake = false
}

export const theBeginning = (): Beginning => beginning

/** Until then a page that the server painted asks for nothing: an answer that comes early would be another picture. */
export const awake = (): boolean => isAwake
export const wakeUp = (): void => {
  isAwake = true
}

/** Gives a query the answer that came with the page. */
export const preloaded =
  <Data>(path: string) =>
  (): Data | undefined => {
    const answer = beginning.answers[path] as Data | undefined
    delete beginning.answers[path]
    return answer
  }
