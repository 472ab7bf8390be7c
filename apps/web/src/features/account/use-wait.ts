import { useEffect, useState } from 'react'

const SECOND_MS = 1000

/** Whole seconds that are left of a wait, told each second. */
export const useWait = () => {
  const [until, setUntil] = useState(0)
  const [now, setNow] = useState(0)
  const left = Math.max(0, Math.ceil((until - now) / SECOND_MS))
  const waits = left > 0
  useEffect(() => {
    if (!waits) return undefined
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS)
    return () => clearInterval(timer)
  }, [waits])
  const wait = (seconds: number) => {
    setNow(Date.now())
    setUntil(Date.now() + seconds * SECOND_MS)
  }
  return { left, wait }
}
