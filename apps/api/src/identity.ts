import { createOidcClient } from '#modules/auth/oidc-client.ts'
import { readOidcProviders } from '#modules/auth/oidc-providers.ts'
import { createOidc } from '#modules/auth/oidc.ts'
import { createPasskeys } from '#modules/auth/passkeys.ts'
import { createPasswords } from '#modules/auth/passwords.ts'
import { relyingPartyOf } from '#modules/auth/relying-party.ts'
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
import type { Log } from '#platform/log.ts'

type Parts = { config: Config; db: Db; keys: Keys; clock: Clock; jobs: Jobs; log: Log }

/** Who people are and how they prove it: the first modules of the line. */
export const createIdentity = ({ config, db, keys, clock, jobs, log }: Parts) => {
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
  const providers = readOidcProviders(config)
  const client = createOidcClient({
    providers,
    redirectUri: (name) => `${config.PUBLIC_URL}/api/v1/auth/oidc/${name}/callback`,
    log,
  })
  const oidc = createOidc({ db, users, auth, totp, client, providers, secrets: keys.secrets, clock })
  const passkeys = createPasskeys({ db, users, auth, totp, signIns, party: relyingPartyOf(config), staffNeedsFactor })
  return { passwords, tokens, users, signIns, totp, auth, oidc, passkeys }
}
