import { randomUUID } from 'node:crypto'

import type { Links } from '#modules/auth/accounts/links.ts'
import type { Totp } from '#modules/auth/factors/totp.ts'
import { createCredentials } from '#modules/auth/passwords/credentials.ts'
import type { Passwords } from '#modules/auth/passwords/passwords.ts'
import type { Device } from '#modules/auth/sign-ins/device.ts'
import { knownPlace, notePlace } from '#modules/auth/sign-ins/places.ts'
import { describeDevice } from '#modules/auth/sign-ins/sign-ins.ts'
import type { Throttle, Try } from '#modules/auth/sign-ins/throttle.ts'
import { accountState } from '#modules/users/rules.ts'
import type { UserCreate } from '#modules/users/schemas.ts'
import type { UsersService } from '#modules/users/service.ts'
import { recordEvent } from '#platform/audit.ts'
import { secretToken } from '#platform/codes.ts'
import { afterCommit, type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import type { SignInMethod } from '#platform/db/types.gen.ts'
import { invalid } from '#platform/errors.ts'
import type { Role, SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Secrets } from '#platform/secrets.ts'
import { requireActive } from './active.ts'
import { invalidRefreshToken, refreshTokenReused, wrongCredentials } from './errors.ts'
import * as repository from './repository.ts'
import type { Login, Token } from './schemas.ts'
import { createSuccession, hashToken, type Tokens } from './tokens.ts'

/** For so long two tabs that refresh at once are not taken for a thief. */
const GRACE_SECONDS = 10

type Deps = {
  db: Db
  users: UsersService
  passwords: Passwords
  tokens: Tokens
  totp: Pick<Totp, 'prove'>
  links: Pick<Links, 'send'>
  jobs: Jobs
  throttle: Throttle
  secrets: Secrets
  /** Tells this process that somebody's access has changed; the others hear of it from the database. */
  forget: (user_id: number) => void
  /** Without being used, and in all. */
  lifetimes: { refresh_seconds: number; sign_in_seconds: number }
  /** Whether a new account is of use only once its address is proved. */
  requireActivation: boolean
}
type Person = { id: number; role: Role }
/** How a sign-in was proved; `is_strong` when a second factor or a passkey was shown. */
type Proof = { method: SignInMethod; is_strong: boolean }
type Alongside = (tx: Db) => Promise<unknown>

const BY_PASSWORD: Proof = { method: 'password', is_strong: false }

export const createAuthService = (deps: Deps) => {
  const { db, users, passwords, tokens, totp, links, jobs, throttle, secrets, lifetimes, requireActivation } = deps
  const successorOf = createSuccession(secrets)
  const proveByPassword = createCredentials({ users, passwords })

  const answer = async ({ id, role }: Person, sign_in: string, refresh_token: string): Promise<Token> => ({
    access_token: await tokens.sign({ id, role, sign_in }),
    refresh_token,
    token_type: 'bearer',
    expires_in: tokens.lifetimeSeconds,
    user: await users.get(id),
  })

  /** Begins a sign-in of somebody who has proved who they are; a device that is new to their account is told to them. */
  const signIn = async (person: Person, device: Device, alongside?: Alongside, proof = BY_PASSWORD): Promise<Token> => {
    const [refresh_token, family_id] = [secretToken(), randomUUID()]
    const { user_agent, ip } = device
    await transaction(db, async (tx) => {
      await repository.insertRefreshToken(tx, {
        user_agent,
        ip,
        ...proof,
        family_id,
        user_id: person.id,
        token_hash: hashToken(refresh_token),
        ...lifetimes,
      })
      await alongside?.(tx)
      const newAt = await notePlace(tx, person.id, device)
      if (!newAt) return
      const data = { device: user_agent ?? '–', ip: ip ?? '–', at: newAt.toISOString() }
      await jobs.send(tx, 'mail.account', { kind: 'new_device', user_id: person.id, data })
    })
    return answer(person, family_id, refresh_token)
  }

  const endSignIn = async (tx: Db, family_id: string) => {
    const [ended] = await repository.revokeFamily(tx, family_id)
    if (ended) afterCommit(tx, () => deps.forget(ended.user_id))
    return ended
  }

  const tellOfTheft = async (
    tx: Db,
    { family_id, user_id }: { family_id: string; user_id: number },
    { user_agent, ip }: Device,
  ) => {
    const ended = await endSignIn(tx, family_id)
    const at = ended?.revoked_at?.toISOString()
    const data = { device: describeDevice(user_agent).device ?? '–', ip: ip ?? '–', ...(at && { at }) }
    await recordEvent(tx, { action: 'auth.refresh_token_reused', object_kind: 'users', object_id: user_id })
    await jobs.send(tx, 'mail.account', { kind: 'stolen_token', user_id, data })
  }

  const create = async (input: UserCreate, hashed_password: string, attempt: Try) =>
    transaction(db, async (tx) => {
      const made = await users.create(tx, input, { hashed_password, pending: requireActivation })
      if (requireActivation) await links.send(tx, 'activation', made.id)
      await throttle.forgive(tx, attempt)
      return made
    })

  return {
    signIn,
    register: async (input: UserCreate, device: Device): Promise<Token> => {
      await passwords.requireStrong(input.password, input)
      const attempt = throttle.ofRegistration(input.email, device)
      await throttle.spend(attempt)
      const person = await create(input, await passwords.hash(input.password), attempt)
      if (!requireActivation) return signIn(person, device, (tx) => users.noteSignIn(tx, person.id))
      return { access_token: null, refresh_token: null, token_type: 'bearer', expires_in: 0, user: await users.get(person.id) }
    },

    /** Each step is taken for logins that nobody has too, so that neither the answer nor its time tells them apart. */
    login: async ({ email, username, password, ...shown }: Login, device: Device): Promise<Token> => {
      const login = email ?? username
      if (!login) throw invalid('/email', 'Give an e-mail or a username.', 'request.missing_field')
      const found = await users.findCredentials(login)
      const place = await knownPlace(db, found?.id, device)
      // By either of its names an account has as many tries as one that nobody has.
      const attempt =
        found && place ? throttle.ofKnownPlace(found.id, place, device) : throttle.ofLogin(found?.email ?? login, device)
      await throttle.spend(attempt, (tx) => users.noteTry(tx, found?.id))
      const proved = await proveByPassword(found, password)
      if (!found || proved === undefined) throw wrongCredentials()
      if (accountState(found) === 'blocked')
        await recordEvent(db, { action: 'auth.blocked', object_kind: 'users', object_id: found.id })
      requireActive(found)
      const is_strong = await totp.prove(found.id, shown)
      const forgive = async (tx: Db) => {
        // Changed since it was looked at, the password opens nothing, and the change has ended all sign-ins but this one.
        if (!(await users.noteSignIn(tx, found.id, proved))) throw wrongCredentials()
        await throttle.forgive(tx, attempt)
      }
      return signIn(found, device, forgive, { method: 'password', is_strong })
    },

    /** Gives the token's one successor; a token used twice signs the whole device out. */
    refresh: async (token: string, device: Device): Promise<Token> => {
      const successor = successorOf(token)
      const verdict = await transaction(db, async (tx) => {
        const row = await repository.lockRefreshToken(tx, hashToken(token), GRACE_SECONDS)
        if (!row?.is_live || !row.is_active) return 'invalid'
        if (row.is_rotated && !row.is_in_grace) {
          await tellOfTheft(tx, row, device)
          return 'reused'
        }
        if (!row.is_rotated) {
          await repository.markRotated(tx, row.id)
          await repository.insertRefreshToken(tx, {
            user_agent: device.user_agent,
            ip: device.ip,
            family_id: row.family_id,
            user_id: row.user_id,
            method: row.method,
            is_strong: row.is_strong,
            started_at: row.started_at,
            token_hash: hashToken(successor),
            ...lifetimes,
          })
        }
        return row
      })
      if (verdict === 'reused') throw refreshTokenReused()
      if (verdict === 'invalid') throw invalidRefreshToken()
      return answer({ id: verdict.user_id, role: verdict.role }, verdict.family_id, successor)
    },

    signInsOf: (id: number) => repository.listSignIns(db, id),
    /** Ends every sign-in of a person, in the caller's transaction; their tokens open nothing from then on. */
    endSignIns: (tx: Tx, id: number) => repository.revokeUser(tx, id),
    /** Ends the sign-in that the caller's access token belongs to. */
    logout: (actor: SignedIn) => endSignIn(db, actor.sign_in),
    /** Ends the sign-in that a refresh token belongs to; false when there is none. */
    logoutByToken: async (token: string): Promise<boolean> => {
      const family_id = await repository.findFamily(db, hashToken(token))
      if (family_id !== undefined) await endSignIn(db, family_id)
      return family_id !== undefined
    },
  }
}
export type AuthService = ReturnType<typeof createAuthService>
