import { useEffect, useRef, useState } from 'react'

const PAUSE_MS = 300

/** A field whose words reach the address a moment after the last key; words that come by the address reach the field. */
export const useSettledSearch = (told: string, tell: (text: string) => void) => {
  const [text, setText] = useState(told)
  const last = useRef(told)
  useEffect(() => {
    if (told === last.current) return
    last.current = told
    setText(told)
  }, [told])
  useEffect(() => {
    if (text === last.current) return undefined
    const timer = setTimeout(() => {
      last.current = text
      tell(text)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react/exhaustive-deps -- only the words count
  }, [text])
  return [text, setText] as const
}
