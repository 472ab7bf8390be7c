import { useEffect, useState } from 'react'

import { secondsLeft } from './countdown.ts'
import { serverOffset } from './server-clock.ts'

const TICK_MS = 250

/** Seconds until a deadline, a new value each second. `onStep` hears every step, for what is said aloud and for the end. */
export const useCountdown = (expires_at: string, onStep: (before: number, after: number) => void): number => {
  const [now_ms, setNow] = useState(() => Date.now())
  useEffect(() => {
    let before = Number.POSITIVE_INFINITY
    const tick = () => {
      const after = secondsLeft(expires_at, Date.now(), serverOffset())
      if (after === before) return
      setNow(Date.now())
      onStep(before, after)
      before = after
    }
    const timer = setInterval(tick, TICK_MS)
    return () => clearInterval(timer)
  }, [expires_at, onStep])
  return secondsLeft(expires_at, now_ms, serverOffset())
}
