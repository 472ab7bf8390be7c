import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { forgetTickets } from '#features/orders/kept-tickets.ts'
import { toast } from '#ui/announce.ts'
import { useFresh } from './fresh.tsx'
import { forgetSession } from './session.ts'

/** Does what ends an account here, forgets it on this device, says so and leads home; a refusal is kept. */
export const useLeave = (said: string) => {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { run, dialog } = useFresh()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const leave = async (work: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await run(async () => {
        await work()
        forgetSession(client)
        forgetTickets()
        toast(said, 'good')
        await navigate({ to: '/' })
      })
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return { error, busy, leave, dialog }
}
