import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'

const FIELDS = {
  'pricing.bad_hours': 'wrong.hours',
  'pricing.bad_dates': 'wrong.dates',
  'pricing.too_precise': 'wrong.precise',
  'pricing.choose_one_way': 'wrong.way',
  'pricing.code_taken': 'wrong.code_taken',
  'pricing.default_type': 'wrong.default_type',
  'promotions.code_taken': 'wrong.promo_taken',
  'promotions.limit_below_uses': 'wrong.below_uses',
  'auth.forbidden': 'wrong.forbidden',
} as const

const isKnown = (code: string): code is keyof typeof FIELDS => code in FIELDS

/** What the server found wrong, beside the field of that pointer; `whole` is what belongs to no field. */
export const useFormWords = (error: unknown) => {
  const { t } = useTranslation('prices')
  const errors = isApiError(error) ? error.errors : []
  const at = (pointer: string): string | undefined => {
    const found = errors.find((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`))
    return found && t(isKnown(found.code) ? FIELDS[found.code] : 'wrong.value')
  }
  const code = isApiError(error) ? error.code : ''
  const whole = () => {
    if (error === undefined || error === null) return undefined
    if (errors.length > 0) return t('wrong.look')
    return t(isKnown(code) ? FIELDS[code] : 'wrong.failed')
  }
  return { at, whole: whole() }
}
