import { createContext, use } from 'react'

import type { MyAccess, Permission } from './api.ts'

export const AccessContext = createContext<MyAccess | undefined>(undefined)

export const useAccess = (): MyAccess => {
  const access = use(AccessContext)
  if (access === undefined) throw new Error('Staff pages stand inside the staff shell.')
  return access
}

export const useMay = (permission: Permission): boolean => useAccess().permissions.includes(permission)
