import { lastWayIn } from '#modules/auth/errors.ts'
import { hasOtherWays } from '#modules/auth/oidc/identities.repository.ts'
import type { OidcProvider } from '#modules/auth/oidc/oidc-providers.ts'
import { isHash } from '#modules/auth/passwords/passwords.ts'
import type { UsersService } from '#modules/users/service.ts'
import type { Tx } from '#platform/db/kysely.ts'

type Deps = { users: Pick<UsersService, 'lockSecret'>; providers: OidcProvider[] }

/**
 * Takes a way to sign in away, and refuses to take the last: a password, a passkey, or an account at a provider that still
 * signs people in here must be left. The account is locked, so that of two taken at once the second sees the first go.
 */
export const createWaysLeft =
  ({ users, providers }: Deps) =>
  async <T>(tx: Tx, user_id: number, take: () => Promise<T>): Promise<T> => {
    const hashed = await users.lockSecret(tx, user_id)
    const taken = await take()
    const names = providers.map(({ name }) => name)
    if (!isHash(hashed) && !(await hasOtherWays(tx, user_id, names))) throw lastWayIn()
    return taken
  }
export type WaysLeft = ReturnType<typeof createWaysLeft>
