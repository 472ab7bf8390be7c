import { createMemoryHistory } from '@tanstack/react-router'
import { renderToString } from 'react-dom/server'

import { Providers } from '#app/providers.tsx'
import { createAppRouter } from '#app/router.tsx'
import { i18n, startTexts } from '#lib/i18n.ts'
import type { Language } from '#lib/language.ts'
import { beginWith } from '#lib/preload.ts'
import { createQueryClient } from '#lib/query-client.ts'

export type Asked = {
  /** Path and query, without anything that changes nothing. */
  address: string
  language: Language
  /** Milliseconds; the browser starts from the same. */
  now: number
  /** What the visitor's cookie says. */
  cinema: string | undefined
  answers: Record<string, unknown>
}

/** The head is written by the server's pages: what React would put there stands first in its text. */
const HOISTED = /^(?:<link [^>]*>|<title[^>]*>[^<]*<\/title>)+/
/** React's mark of a part that it leaves to the browser. Names cannot write it: they are escaped. */
const LEFT_OUT = '<!--$!-->'

const speak = (language: Language) => (i18n.isInitialized ? i18n.changeLanguage(language) : startTexts(language))

const paintOne = async ({ address, language, now, cinema, answers }: Asked): Promise<string> => {
  beginWith({ answers: { ...answers }, painted: { language, now, cinema } })
  await speak(language)
  const queryClient = createQueryClient(false)
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [address] }))
  await router.load()
  const { matches, resolvedLocation } = router.state
  if (resolvedLocation === undefined || matches.some(({ status }) => status !== 'success'))
    throw new Error(`${address} leads elsewhere, or its answers are not all there.`)
  const html = renderToString(<Providers router={router} queryClient={queryClient} />)
  if (html.includes(LEFT_OUT)) throw new Error(`${address} waits for something that the server does not have.`)
  return html.replace(HOISTED, '')
}

let last: Promise<unknown> = Promise.resolve()

/** The first picture of a page, as HTML for #root. One after the other: the texts have one language at a time. */
export const paint = (asked: Asked): Promise<string> => {
  const picture = last.then(() => paintOne(asked))
  last = picture.catch(() => undefined)
  return picture
}
