type Marks = { is_active: boolean; activated_at: Date | null; deactivated_at: Date | null }

/** `pending` waits for the link in the first mail; `closed` by its owner, who may open it again; `blocked` by the cinema. */
export type AccountState = 'active' | 'pending' | 'closed' | 'blocked'

export const accountState = ({ is_active, activated_at, deactivated_at }: Marks): AccountState => {
  if (is_active) return 'active'
  if (activated_at === null) return 'pending'
  return deactivated_at === null ? 'blocked' : 'closed'
}

type Names = { full_name?: string | undefined; first_name?: string | undefined; last_name?: string | undefined }

/** `full_name` is split at its first space; the separate fields win where both are given. */
export const splitNames = ({ full_name, first_name, last_name }: Names) => {
  const [first = '', ...rest] = (full_name ?? '').trim().split(/\s+/)
  const whole = full_name === undefined ? {} : { first_name: first.slice(0, 100), last_name: rest.join(' ').slice(0, 100) }
  return {
    ...whole,
    ...(first_name === undefined ? {} : { first_name: first_name.trim() }),
    ...(last_name === undefined ? {} : { last_name: last_name.trim() }),
  }
}
