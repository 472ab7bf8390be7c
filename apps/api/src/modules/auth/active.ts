import { accountState } from '#modules/users/rules.ts'
import { accountClosed, activationRequired, blocked } from './errors.ts'

const refusals = { pending: activationRequired, closed: accountClosed, blocked }

/** Refuses whoever waits for activation, has closed the account or was blocked. */
export const requireActive = (account: Parameters<typeof accountState>[0]): void => {
  const state = accountState(account)
  if (state !== 'active') throw refusals[state]()
}
