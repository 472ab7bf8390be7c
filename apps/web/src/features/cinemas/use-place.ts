import { useState } from 'react'

import { type Place, whereAmI } from './place.ts'

let known: Place | undefined

/** Where the visitor is, for this visit only: asked on a click, never sent anywhere. */
export const usePlace = () => {
  const [place, setPlace] = useState(known)
  const [state, setState] = useState<'idle' | 'asking' | 'refused'>('idle')
  const ask = async (): Promise<Place | undefined> => {
    setState('asking')
    try {
      known = await whereAmI()
      setPlace(known)
      setState('idle')
      return known
    } catch {
      setState('refused')
      return undefined
    }
  }
  return { place, asking: state === 'asking', refused: state === 'refused', ask }
}
