import { useSyncExternalStore } from 'react'

/** A small choice that outlives the visit, in a cookie so that the server may read it too: `atFirst` is what it read. */
export const storedChoice = (name: string, atFirst: () => string | undefined) => {
  const pattern = new RegExp(`(?:^|;\\s*)${name}=([^;]*)`)
  const listeners = new Set<() => void>()
  const get = () => pattern.exec(document.cookie)?.[1]
  const set = (value: string) => {
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return { set, use: () => useSyncExternalStore(subscribe, get, atFirst) }
}
