import { wrongPassword } from '#modules/auth/errors.ts'
import type { Passwords } from '#modules/auth/passwords/passwords.ts'
import * as repository from '#modules/auth/repository.ts'
import type { AuthService } from '#modules/auth/service.ts'
import type { Device } from '#modules/auth/sign-ins/device.ts'
import { isStrong } from '#modules/auth/sign-ins/sign-ins.repository.ts'
import type { Throttle } from '#modules/auth/sign-ins/throttle.ts'
import type { UsersService } from '#modules/users/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { PasswordChange, PasswordReset } from './account.schemas.ts'
import type { Links } from './links.ts'

type Deps = {
  db: Db
  users: UsersService
  passwords: Passwords
  jobs: Jobs
  links: Links
  throttle: Throttle
  auth: Pick<AuthService, 'signIn'>
}

/** A new password ends every sign-in and every link that was sent before, and its owner is told. */
export const createPasswordChanges = ({ db, users, passwords, jobs, links, throttle, auth }: Deps) => {
  const replace = async (tx: Db, user_id: number, hashed: string) => {
    await users.setPassword(tx, user_id, hashed)
    await repository.endSignIns(tx, user_id)
    await links.drop(tx, user_id, ['password_reset', 'email_change'])
    await jobs.send(tx, 'mail.account', { kind: 'password_changed', user_id, data: {} })
  }

  /** Proves that whoever holds the device is still its owner. */
  const requirePassword = async (user_id: number, device: Device, given: { password: string; pointer: string }) => {
    const attempt = throttle.ofOwner(user_id, device)
    await throttle.spend(attempt)
    if (!(await passwords.verify(await users.secretOf(user_id), given.password))) throw wrongPassword(given.pointer)
    await throttle.forgive(db, attempt)
  }

  return {
    requirePassword,
    /** This device begins anew, and what it has shown beside the password still counts. */
    changePassword: async ({ id, role, sign_in }: SignedIn, { old_password, new_password }: PasswordChange, device: Device) => {
      await passwords.requireStrong(new_password, await users.get(id), '/new_password')
      await requirePassword(id, device, { password: old_password, pointer: '/old_password' })
      const hashed = await passwords.hash(new_password)
      const is_strong = await isStrong(db, id, sign_in)
      await transaction(db, (tx) => replace(tx, id, hashed))
      return auth.signIn({ id, role }, device, undefined, { method: 'password', is_strong })
    },
    resetPassword: async ({ token, password }: PasswordReset) => {
      await passwords.requireStrong(password)
      const hashed = await links.during(db, 'password_reset', token, async (user_id) => {
        await passwords.requireStrong(password, await users.get(user_id))
        return passwords.hash(password)
      })
      await transaction(db, async (tx) => {
        const { user_id } = await links.take(tx, 'password_reset', token)
        await replace(tx, user_id, hashed)
        await users.setVerified(tx, user_id)
        const { email, username } = await users.lockAccount(tx, user_id)
        await throttle.forget(tx, [email, username])
      })
    },
  }
}
