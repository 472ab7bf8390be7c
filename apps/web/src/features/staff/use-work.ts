import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { toast } from '#ui/announce.ts'

/** Does something on the server, says that it is done and has what is shown asked anew; a refusal stays until the next try. */
export const useWork = (...stale: unknown[][]) => {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const work = async <Answer>(doIt: () => Promise<Answer>, said?: string): Promise<Answer | undefined> => {
    setBusy(true)
    setError(undefined)
    try {
      const answer = await doIt()
      if (said !== undefined) toast(said, 'good')
      return answer
    } catch (refused) {
      setError(refused)
      return undefined
    } finally {
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })))
      setBusy(false)
    }
  }
  return { busy, error, setError, work }
}
