import { announce } from '#ui/announce.ts'
import type { AppRouter } from './router.tsx'

/** React writes the new title a moment after the page. */
const TITLE_MS = 150

/** A new page is said aloud and has the focus, as after a full load; a filter on the same page leaves both alone. */
export const announcePages = (router: AppRouter) =>
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (fromLocation === undefined || !pathChanged) return
    document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
    setTimeout(() => announce(document.title), TITLE_MS)
  })
