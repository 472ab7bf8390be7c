import { useTranslation } from 'react-i18next'

import type { AuditEntry } from './api.ts'

/** The nouns that we have words for; the server may know more. */
export const KINDS = [
  'users',
  'staff_assignments',
  'role_permissions',
  'roles',
  'cinemas',
  'halls',
  'sessions',
  'session_cancellations',
  'movies',
  'reviews',
  'orders',
  'refunds',
  'tickets',
  'reports',
  'audit_log',
  'token_keys',
  'price_cards',
  'payment_alarms',
] as const

const DEEDS = {
  'auth.blocked': 'deeds.auth_blocked',
  'auth.refresh_token_reused': 'deeds.auth_reused',
  'auth.sign_ins_ended': 'deeds.auth_ended',
  'auth.factor_added': 'deeds.auth_factor_added',
  'auth.factor_removed': 'deeds.auth_factor_removed',
  'auth.factors_removed': 'deeds.auth_factors_removed',
  'auth.recovery_codes_renewed': 'deeds.auth_codes',
  'users.erased': 'deeds.users_erased',
  'keys.rotated': 'deeds.keys_rotated',
  'users.impersonated': 'deeds.users_impersonated',
  'audit.exported': 'deeds.audit_exported',
  'orders.cancelled_by_staff': 'deeds.orders_cancelled',
  'tickets.entry_forced': 'deeds.tickets_forced',
} as const

const VERBS = ['created', 'changed', 'deleted'] as const

/** Entries in words, as far as we have them; else in the server's own. */
export const useAuditWords = () => {
  const { t } = useTranslation('staff')
  const kindOf = (kind: string) => {
    const known = KINDS.find((one) => one === kind)
    return known ? t(`kinds.${known}`) : kind
  }
  const deedOf = ({ action, object_kind }: AuditEntry) => {
    const deed = Object.entries(DEEDS).find(([name]) => name === action)?.[1]
    if (deed) return t(deed)
    const verb = VERBS.find((one) => action.endsWith(`.${one}`))
    return verb ? `${kindOf(object_kind)}: ${t(`deeds.${verb}`)}` : action
  }
  return { kindOf, deedOf }
}
