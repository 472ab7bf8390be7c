import { useEffect, useState } from 'react'

const PAUSE_MS = 120

/** The value once the person pauses: no question per letter. */
export const useSettled = (value: string): string => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
