import { type ApiError, isApiError } from '#lib/api.ts'

const WORDS: Record<string, 'password.common' | 'password.guessable' | 'password.weak' | 'password.wrong'> = {
  'auth.common_password': 'password.common',
  'auth.guessable_password': 'password.guessable',
  'auth.weak_password': 'password.weak',
  'auth.wrong_password': 'password.wrong',
}

/** What is wrong with a password in this field, in words; nothing when the refusal is about something else. */
export const passwordWord = (error: ApiError, pointer: string) => {
  const found = error.errors.find((one) => one.pointer === pointer)
  return found && (WORDS[found.code] ?? 'password.short')
}

/** Whatever no field is to blame for. */
export const wholeWord = (error: unknown) => {
  if (!isApiError(error)) return 'whole.failed'
  if (error.status === 0) return 'whole.offline'
  if (error.status === 429) return 'whole.too_often'
  return error.code === 'auth.read_only' ? 'whole.read_only' : 'whole.failed'
}
