import { createAccounts } from '#modules/auth/accounts/accounts.ts'
import { createLinks } from '#modules/auth/accounts/links.ts'
import { createBearers } from '#modules/auth/bearers.ts'
import { createPasskeys } from '#modules/auth/factors/passkeys.ts'
import { relyingPartyOf } from '#modules/auth/factors/relying-party.ts'
import { createTotp, type Totp } from '#modules/auth/factors/totp.ts'
import { createWaysLeft } from '#modules/auth/factors/ways-left.ts'
import { createIdentities } from '#modules/auth/oidc/identities.ts'
import { createOidcClient } from '#modules/auth/oidc/oidc-client.ts'
import { readOidcProviders } from '#modules/auth/oidc/oidc-providers.ts'
import { createOidc } from '#modules/auth/oidc/oidc.ts'
import { houseWords } from '#modules/auth/passwords/password-strength.ts'
import { createPasswords } from '#modules/auth/passwords/passwords.ts'
import { type AuthService, createAuthService } from '#modules/auth/service.ts'
import { createSignIns, type SignIns } from '#modules/auth/sign-ins/sign-ins.ts'
import { createThrottle } from '#modules/auth/sign-ins/throttle.ts'
import { createTokens } from '#modules/auth/tokens.ts'
import { createStaffService } from '#modules/staff/service.ts'
import { createProfiles } from '#modules/users/profile.ts'
import { createUsersService, type UsersService } from '#modules/users/service.ts'
import type { Clock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Keys } from '#platform/keys.ts'
import type { Log } from '#platform/log.ts'
import { createStorage } from '#platform/storage.ts'

type Parts = { config: Config; db: Db; keys: Keys; clock: Clock; jobs: Jobs; log: Log }

type People = { users: UsersService; auth: AuthService; totp: Totp; signIns: SignIns }

/** Signing in without a password of this house. */
const createOtherWays = ({ config, db, keys, clock, jobs, log }: Parts, people: People) => {
  const providers = readOidcProviders(config)
  const redirectUri = (name: string) => `${config.PUBLIC_URL}/api/v1/auth/oidc/${name}/callback`
  const client = createOidcClient({ providers, redirectUri, log })
  const waysLeft = createWaysLeft({ ...people, providers })
  const oidc = createOidc({ ...people, db, client, providers, secrets: keys.secrets, clock, jobs })
  const identities = createIdentities({ ...people, db, providers, jobs, waysLeft })
  const party = relyingPartyOf(config)
  const passkeys = createPasskeys({ ...people, db, jobs, party, waysLeft, staffNeedsFactor: config.STAFF_REQUIRE_TOTP })
  return { oidc, identities, passkeys }
}

/** What people show of themselves, and where its files lie. */
const createPictures = ({ config, db, jobs }: Parts) => {
  const storage = createStorage(config)
  return { storage, profiles: createProfiles({ db, storage, jobs }) }
}

const createAccountLinks = ({ config, keys, jobs }: Parts) =>
  createLinks({
    jobs,
    secrets: keys.secrets,
    publicUrl: config.PUBLIC_URL,
    lifetimes: {
      activation: config.ACCOUNT_LINK_SECONDS,
      email_change: config.ACCOUNT_LINK_SECONDS,
      password_reset: config.PASSWORD_RESET_SECONDS,
    },
  })

/** Who people are and how they prove it: the first modules of the line. */
export const createIdentity = (parts: Parts) => {
  const { config, db, keys, clock, jobs } = parts
  const { secrets } = keys
  const staffNeedsFactor = config.STAFF_REQUIRE_TOTP
  const passwords = createPasswords(houseWords(config.PUBLIC_URL))
  const tokens = createTokens({ keys: keys.tokens, clock, lifetimeSeconds: config.ACCESS_TOKEN_SECONDS })
  const bearers = createBearers({ db, tokens, staffNeedsFactor })
  const users = createUsersService({ db })
  const throttle = createThrottle({ db, rules: config })
  const links = createAccountLinks(parts)
  const signIns = createSignIns({ db, forget: bearers.forget })
  const totp = createTotp({ db, users, secrets, clock, jobs, signIns, staffNeedsFactor })
  const auth = createAuthService({
    db,
    users,
    passwords,
    tokens,
    totp,
    links,
    jobs,
    throttle,
    secrets,
    forget: bearers.forget,
    lifetimes: { refresh_seconds: config.REFRESH_TOKEN_SECONDS, sign_in_seconds: config.SIGN_IN_SECONDS },
    requireActivation: config.AUTH_REQUIRE_ACTIVATION,
  })
  const accounts = createAccounts({ db, users, passwords, jobs, links, throttle, auth, signIns })
  const staff = createStaffService({ db, users, auth, totp, jobs, tokens, passwords, forget: bearers.forget })
  const more = { ...createOtherWays(parts, { users, auth, totp, signIns }), ...createPictures(parts) }
  return { tokenKeys: keys.tokens, passwords, tokens, bearers, users, auth, accounts, staff, signIns, totp, ...more }
}
