import { createPasswords } from '#modules/auth/passwords.ts'
import { createAuthService } from '#modules/auth/service.ts'
import { createSignIns } from '#modules/auth/sign-ins.ts'
import { createTokens } from '#modules/auth/tokens.ts'
import { createTotp } from '#modules/auth/totp.ts'
import { createUsersService } from '#modules/users/service.ts'
import type { Clock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Keys } from '#platform/keys.ts'

type Parts = { config: Config; db: Db; keys: Keys; clock: Clock; jobs: Jobs }

/** Who people are and how they prove it: the first modules of the line. */
export const createIdentity = ({ config, db, keys, clock, jobs }: Parts) => {
  const passwords = createPasswords()
  const tokens = createTokens({ keys: keys.tokens, clock, lifetimeSeconds: config.ACCESS_TOKEN_SECONDS })
  const users = createUsersService({ db })
  const signIns = createSignIns({ db })
  const staffNeedsFactor = config.STAFF_REQUIRE_TOTP
  const totp = createTotp({ db, users, secrets: keys.secrets, clock, signIns, staffNeedsFactor })
  const auth = createAuthService({
    db,
    users,
    passwords,
    tokens,
    totp,
    jobs,
    secrets: keys.secrets,
    refreshSeconds: config.REFRESH_TOKEN_SECONDS,
    staffNeedsFactor,
  })
  return { passwords, tokens, users, signIns, totp, auth }
}
