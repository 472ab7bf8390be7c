import { useSyncExternalStore } from 'react'

import { theBeginning } from './preload.ts'

const MINUTE_MS = 60_000

const minuteOf = (moment: number) => Math.floor(moment / MINUTE_MS) * MINUTE_MS
const present = () => minuteOf(Date.now())
/** The server's minute stands in the picture; the browser's own comes after it has taken the picture over. */
const atFirst = () => theBeginning().painted?.now ?? present()

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const listen of listeners) listen()
  }, MINUTE_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The present, to the minute: what has begun leaves the programme by itself. */
export const useNow = (): number => useSyncExternalStore(subscribe, present, atFirst)
