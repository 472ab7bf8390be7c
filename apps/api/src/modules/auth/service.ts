import { randomUUID } from 'node:crypto'

import type { UserCreate } from '#modules/users/schemas.ts'
import type { UsersService } from '#modules/users/service.ts'
import { secretToken } from '#platform/codes.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { SignInMethod } from '#platform/db/types.gen.ts'
import { invalid } from '#platform/errors.ts'
import type { Role, SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Secrets } from '#platform/secrets.ts'
import { blocked, invalidRefreshToken, refreshTokenReused, wrongCredentials } from './errors.ts'
import { type Passwords, requireStrong } from './passwords.ts'
import * as repository from './repository.ts'
import type { Login, Token } from './schemas.ts'
import { describeDevice } from './sign-ins.ts'
import { createSuccession, hashToken, type Tokens } from './tokens.ts'
import type { Totp } from './totp.ts'

/** For so long two tabs that refresh at once are not taken for a thief. */
const GRACE_SECONDS = 10

type Deps = {
  db: Db
  users: UsersService
  passwords: Passwords
  tokens: Tokens
  totp: Pick<Totp, 'prove'>
  jobs: Pick<Jobs, 'send'>
  secrets: Secrets
  refreshSeconds: number
  /** Whether staff without a second factor may do nothing but set one up. */
  staffNeedsFactor: boolean
}
export type Device = { user_agent: string | null; ip: string | null }
/** How a sign-in was proved; `is_strong` when a second factor or a passkey was shown. */
type Proof = { method: SignInMethod; is_strong: boolean }
type Person = { id: number; role: Role }
type Opened = { family_id: string; is_strong: boolean }

export const createAuthService = (deps: Deps) => {
  const { db, users, passwords, tokens, totp, jobs, secrets, refreshSeconds, staffNeedsFactor } = deps
  const successorOf = createSuccession(secrets)

  const mustEnrol = (role: Role, is_strong: boolean) => staffNeedsFactor && role !== 'customer' && !is_strong

  const answer = async ({ id, role }: Person, { family_id, is_strong }: Opened, refresh_token: string): Promise<Token> => ({
    access_token: await tokens.sign({ id, role, sign_in: family_id, ...(mustEnrol(role, is_strong) && { enrols: true }) }),
    refresh_token,
    token_type: 'bearer',
    expires_in: tokens.lifetimeSeconds,
    user: await users.get(id),
  })

  const signIn = async (
    person: Person,
    device: Device,
    proof: Proof = { method: 'password', is_strong: false },
  ): Promise<Token> => {
    const [refresh_token, family_id] = [secretToken(), randomUUID()]
    await repository.insertRefreshToken(db, {
      ...device,
      ...proof,
      family_id,
      user_id: person.id,
      token_hash: hashToken(refresh_token),
      lifetime_seconds: refreshSeconds,
    })
    return answer(person, { family_id, is_strong: proof.is_strong }, refresh_token)
  }

  return {
    signIn,
    register: async (input: UserCreate, device: Device): Promise<Token> => {
      requireStrong(input.password)
      const person = await users.create(input, await passwords.hash(input.password))
      return signIn(person, device)
    },

    login: async ({ email, username, password, ...shown }: Login, device: Device): Promise<Token> => {
      const login = email ?? username
      if (!login) throw invalid('/email', 'Give an e-mail or a username.', 'request.missing_field')
      const found = await users.findCredentials(login)
      if (!(await passwords.verify(found?.hashed_password, password)) || !found) {
        if (found) await users.noteFailedSignIn(found.id)
        throw wrongCredentials()
      }
      if (!found.is_active) throw blocked()
      const is_strong = await totp.prove(found.id, shown)
      await users.noteSignIn(found.id)
      return signIn(found, device, { method: 'password', is_strong })
    },

    /** Gives the token's one successor; a token used twice signs the whole device out. */
    refresh: async (token: string, device: Device): Promise<Token> => {
      const successor = successorOf(token)
      const verdict = await transaction(db, async (tx) => {
        const row = await repository.lockRefreshToken(tx, hashToken(token), GRACE_SECONDS)
        if (!row?.is_live || !row.is_active) return 'invalid'
        if (row.is_rotated && !row.is_in_grace) {
          await repository.revokeFamily(tx, row.family_id)
          const data = { device: describeDevice(device.user_agent).device ?? '', ip: device.ip ?? '' }
          await jobs.send(tx, 'mail.account', { kind: 'stolen_token', user_id: row.user_id, data })
          return 'reused'
        }
        if (!row.is_rotated) {
          await repository.markRotated(tx, row.id)
          await repository.insertRefreshToken(tx, {
            ...device,
            family_id: row.family_id,
            user_id: row.user_id,
            method: row.method,
            is_strong: row.is_strong,
            started_at: row.started_at,
            token_hash: hashToken(successor),
            lifetime_seconds: refreshSeconds,
          })
        }
        return row
      })
      if (verdict === 'reused') throw refreshTokenReused()
      if (verdict === 'invalid') throw invalidRefreshToken()
      return answer({ id: verdict.user_id, role: verdict.role }, verdict, successor)
    },

    /** Ends the sign-in that the caller's access token belongs to. */
    logout: (actor: SignedIn) => repository.revokeFamily(db, actor.sign_in),
    /** Ends the sign-in that a refresh token belongs to; false when there is none. */
    logoutByToken: async (token: string): Promise<boolean> => {
      const family_id = await repository.findFamily(db, hashToken(token))
      if (family_id !== undefined) await repository.revokeFamily(db, family_id)
      return family_id !== undefined
    },
  }
}
export type AuthService = ReturnType<typeof createAuthService>
