import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { type AdminUser, userQuery } from './api.ts'

const REFUSALS = {
  'staff.not_yourself': 'refusals.not_yourself',
  'staff.not_active': 'refusals.not_active',
  'staff.is_admin': 'refusals.is_admin',
  'auth.forbidden': 'refusals.forbidden',
  'auth.read_only': 'refusals.read_only',
} as const

const wordFor = (error: unknown) => {
  const code = isApiError(error) ? error.code : ''
  return Object.entries(REFUSALS).find(([name]) => name === code)?.[1] ?? 'failed'
}

/** Changes somebody's account, says how it went, and shows what the server made of it. */
export const useChange = (user: AdminUser) => {
  const { t } = useTranslation('staff')
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const change = async (work: () => Promise<unknown>, said: string): Promise<boolean> => {
    setBusy(true)
    try {
      await work()
      toast(said, 'good')
      return true
    } catch (error) {
      toast(t(wordFor(error)), 'bad')
      return false
    } finally {
      setBusy(false)
      await client.invalidateQueries({ queryKey: userQuery(user.id).queryKey })
      await client.invalidateQueries({ queryKey: ['staff', 'users'] })
    }
  }
  return { busy, change }
}
