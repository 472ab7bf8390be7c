import { createAccounts } from '#modules/auth/accounts.ts'
import { createBearers } from '#modules/auth/bearers.ts'
import { createLinks } from '#modules/auth/links.ts'
import { createPasswords, requireStrong } from '#modules/auth/passwords.ts'
import { createAuthService } from '#modules/auth/service.ts'
import { createThrottle } from '#modules/auth/throttle.ts'
import { createTokens } from '#modules/auth/tokens.ts'
import { createStaffService } from '#modules/staff/service.ts'
import { createProfiles } from '#modules/users/profile.ts'
import { createUsersService } from '#modules/users/service.ts'
import type { Clock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Keys } from '#platform/keys.ts'
import { createStorage } from '#platform/storage.ts'

type Parts = { config: Config; db: Db; keys: Keys; clock: Clock; jobs: Jobs }

/** Who people are and how they prove it: the first modules of the line. */
export const createIdentity = ({ config, db, keys, clock, jobs }: Parts) => {
  const passwords = createPasswords()
  const tokens = createTokens({ key: keys.tokens, clock, lifetimeSeconds: config.ACCESS_TOKEN_SECONDS })
  const bearers = createBearers({ db, tokens })
  const users = createUsersService({ db })
  const throttle = createThrottle({ db, rules: config })
  const links = createLinks({
    jobs,
    key: keys.tokens,
    publicUrl: config.PUBLIC_URL,
    lifetimes: {
      activation: config.ACCOUNT_LINK_SECONDS,
      email_change: config.ACCOUNT_LINK_SECONDS,
      password_reset: config.PASSWORD_RESET_SECONDS,
    },
  })
  const auth = createAuthService({
    db,
    users,
    passwords,
    tokens,
    links,
    jobs,
    throttle,
    key: keys.tokens,
    refreshSeconds: config.REFRESH_TOKEN_SECONDS,
    requireActivation: config.AUTH_REQUIRE_ACTIVATION,
  })
  const accounts = createAccounts({ db, users, passwords, jobs, links, throttle, auth })
  const staff = createStaffService({ db, users, auth, tokens, passwords, requireStrong, forget: bearers.forget })
  const storage = createStorage(config)
  const profiles = createProfiles({ db, storage, jobs })
  return { passwords, tokens, bearers, users, auth, accounts, staff, storage, profiles }
}
