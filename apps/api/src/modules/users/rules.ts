type Marks = { is_active: boolean; activated_at: Date | null; deactivated_at: Date | null }

/** `pending` waits for the link in the first mail; `closed` by its owner, who may open it again; `blocked` by the cinema. */
export type AccountState = 'active' | 'pending' | 'closed' | 'blocked'

export const accountState = ({ is_active, activated_at, deactivated_at }: Marks): AccountState => {
  if (is_active) return 'active'
  if (activated_at === null) return 'pending'
  return deactivated_at === null ? 'blocked' : 'closed'
}
