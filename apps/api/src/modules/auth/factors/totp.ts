import { Secret, TOTP } from 'otpauth'

import {
  factorNeeded,
  factorRefused,
  throttled,
  totpEnabled,
  totpNotEnabled,
  totpNotStarted,
  totpRequired,
  wrongCode,
} from '#modules/auth/errors.ts'
import { markStrong } from '#modules/auth/sign-ins/sign-ins.repository.ts'
import type { SignIns } from '#modules/auth/sign-ins/sign-ins.ts'
import type { UsersService } from '#modules/users/service.ts'
import { recordEvent } from '#platform/audit.ts'
import type { Clock } from '#platform/clock.ts'
import { readableCode } from '#platform/codes.ts'
import { type Db, type Tx, transaction } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Secrets } from '#platform/secrets.ts'
import { tellFactorChange } from './factor-changes.ts'
import * as repository from './totp.repository.ts'
import type { FactorProof, RecoveryCodes, TotpStart, TotpStatus } from './totp.schemas.ts'

const ISSUER = 'Marquee'
const PERIOD_SECONDS = 30
const SECRET_BYTES = 20
/** Clocks of phones go wrong; one code before and one after count. */
const WINDOW = 1
const MOST_TRIES = 5
const BLOCKED_SECONDS = 900
const RECOVERY_CODES = 10
const HALF = 5

const plain = (code: string) => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
const newRecoveryCode = () => `${readableCode(HALF)}-${readableCode(HALF)}`

type Deps = {
  db: Db
  users: Pick<UsersService, 'get'>
  secrets: Secrets
  clock: Clock
  jobs: Pick<Jobs, 'send'>
  signIns: Pick<SignIns, 'requireFresh'>
  /** Whether staff without a second factor may do nothing else. */
  staffNeedsFactor: boolean
}

/**
 * Codes of authenticator apps (RFC 6238) and the recovery codes beside them. A secret is stored sealed with AES-256-GCM under a key
 * derived from `secrets.key` and bound to its owner, a recovery code as a hash keyed by the same file: the database alone is of no use.
 */
export const createTotp = ({ db, users, secrets, clock, jobs, signIns, staffNeedsFactor }: Deps) => {
  const box = secrets.box('totp')
  const hashesOf = secrets.hasher('recovery-codes')
  const owner = (user_id: number) => `user ${user_id}`

  const appOf = (user_id: number, sealed: string): TOTP => {
    const secret = box.open(sealed, owner(user_id))
    if (secret === undefined)
      throw new Error(`The secret of user ${user_id} cannot be opened: secrets.key is not the one that sealed it.`)
    return new TOTP({ issuer: ISSUER, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS })
  }

  const requireTry = async (user_id: number) => {
    const seconds = await repository.countTry(db, user_id, MOST_TRIES, BLOCKED_SECONDS)
    if (seconds !== undefined) throw throttled(seconds)
  }

  const takeCode = async (user_id: number, sealed: string, token: string): Promise<boolean> => {
    const timestamp = clock.now().getTime()
    const delta = appOf(user_id, sealed).validate({ token, timestamp, window: WINDOW })
    if (delta === null) return false
    return repository.takeStep(db, user_id, Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta)
  }

  const check = async (user_id: number, { totp_code, recovery_code }: FactorProof) => {
    const found = await repository.findTotp(db, user_id)
    if (!found?.confirmed_at) return 'none'
    if (totp_code === undefined && recovery_code === undefined) return 'missing'
    await requireTry(user_id)
    const isRight =
      totp_code === undefined
        ? await transaction(db, (tx) => repository.takeRecoveryCode(tx, user_id, hashesOf(plain(recovery_code ?? ''))))
        : await takeCode(user_id, found.sealed_secret, totp_code)
    return isRight ? 'right' : 'wrong'
  }

  /** Whether a second factor was shown; false when this person has none. Refuses who has one and does not show it. */
  const prove = async (user_id: number, proof: FactorProof): Promise<boolean> => {
    const verdict = await check(user_id, proof)
    if (verdict === 'missing') throw totpRequired()
    if (verdict === 'wrong') throw wrongCode()
    return verdict === 'right'
  }

  /** The same of somebody who is signed in and changes what guards the account. */
  const requireProof = async (user_id: number, proof: FactorProof): Promise<void> => {
    const verdict = await check(user_id, proof)
    if (verdict === 'none') throw totpNotEnabled()
    if (verdict !== 'right') throw factorRefused()
  }

  const giveRecoveryCodes = async (tx: Tx, user_id: number): Promise<RecoveryCodes> => {
    const recovery_codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
    await repository.replaceRecoveryCodes(
      tx,
      user_id,
      recovery_codes.map((code) => hashesOf(plain(code))[0]),
    )
    return { recovery_codes }
  }

  return {
    prove,
    isEnabled: async (user_id: number): Promise<boolean> => Boolean((await repository.findTotp(db, user_id))?.confirmed_at),
    status: async ({ id }: SignedIn): Promise<TotpStatus> => {
      const confirmed_at = (await repository.findTotp(db, id))?.confirmed_at ?? null
      return { is_enabled: confirmed_at !== null, confirmed_at, recovery_codes_left: await repository.countRecoveryCodes(db, id) }
    },
    start: async (actor: SignedIn): Promise<TotpStart> => {
      await signIns.requireFresh(actor)
      const { email } = await users.get(actor.id)
      const secret = new Secret({ size: SECRET_BYTES })
      if (!(await repository.startTotp(db, actor.id, box.seal(secret.base32, owner(actor.id))))) throw totpEnabled()
      const app = new TOTP({ issuer: ISSUER, label: email, secret, period: PERIOD_SECONDS })
      return { secret: secret.base32, otpauth_url: app.toString() }
    },
    /** From the first right code on it is asked for at every sign-in. */
    confirm: async (actor: SignedIn, totp_code: string): Promise<RecoveryCodes> => {
      const found = await repository.findTotp(db, actor.id)
      if (!found) throw totpNotStarted()
      if (found.confirmed_at) throw totpEnabled()
      await signIns.requireFresh(actor)
      await requireTry(actor.id)
      if (!(await takeCode(actor.id, found.sealed_secret, totp_code))) throw factorRefused()
      return transaction(db, async (tx) => {
        if (!(await repository.confirmTotp(tx, actor.id))) throw totpEnabled()
        await markStrong(tx, actor.id, actor.sign_in)
        await tellFactorChange(tx, jobs, { kind: 'factor_added', factor: 'totp', user_id: actor.id })
        return giveRecoveryCodes(tx, actor.id)
      })
    },
    /** For whoever has lost all they could show. Answers whether there was anything. */
    removeFactors: (tx: Tx, user_id: number): Promise<boolean> => repository.removeFactors(tx, user_id),
    renewRecoveryCodes: async (actor: SignedIn, proof: FactorProof): Promise<RecoveryCodes> => {
      await requireProof(actor.id, proof)
      return transaction(db, async (tx) => {
        await recordEvent(tx, { action: 'auth.recovery_codes_renewed', object_kind: 'users', object_id: actor.id })
        return giveRecoveryCodes(tx, actor.id)
      })
    },
    remove: async (actor: SignedIn, proof: FactorProof): Promise<void> => {
      if (staffNeedsFactor && actor.role !== 'customer') throw factorNeeded()
      await requireProof(actor.id, proof)
      await transaction(db, async (tx) => {
        await repository.removeTotp(tx, actor.id)
        await tellFactorChange(tx, jobs, { kind: 'factor_removed', factor: 'totp', user_id: actor.id })
      })
    },
  }
}
export type Totp = ReturnType<typeof createTotp>
