import { notFound } from '@tanstack/react-router'

import { isApiError } from '#lib/api.ts'
import { awake } from '#lib/preload.ts'
import { idOf } from '#lib/slug.ts'

/** Sets data going before the page asks for it; the page itself tells what went wrong. */
export const warm = (...questions: (() => Promise<unknown>)[]): void => {
  if (!awake()) return
  for (const ask of questions) ask().catch(() => undefined)
}

/** The number in an address; an address without one leads nowhere. */
export const numberIn = (slug: string): number => {
  const id = idOf(slug)
  if (id === undefined) throw notFound()
  return id
}

/** What the server does not know is a page that is not there; other failures stay what they are. */
export const orMissing = (error: unknown): never => {
  throw isApiError(error) && error.status === 404 ? notFound() : error
}

/** Keeps the named words of an address; what is empty or unknown is left out. */
export const textsIn =
  <Name extends string>(...names: Name[]) =>
  (search: Record<string, unknown>): { [name in Name]?: string } =>
    Object.fromEntries(
      names.flatMap((name) => (typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : [])),
    ) as {
      [name in Name]?: string
    }
