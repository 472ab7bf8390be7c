import { invalidLink, sameEmail } from '#modules/auth/errors.ts'
import type { Device } from '#modules/auth/sign-ins/device.ts'
import { accountState } from '#modules/users/rules.ts'
import type { UsersService } from '#modules/users/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import { emailAddress } from '#platform/text.ts'
import type { EmailChange } from './account.schemas.ts'
import type { Links } from './links.ts'

type RequirePassword = (user_id: number, device: Device, given: { password: string; pointer: string }) => Promise<void>
type Deps = { db: Db; users: UsersService; jobs: Jobs; links: Links; requirePassword: RequirePassword }

/** An account moves to another address once the mail that went there was opened; the old address is told each time. */
export const createEmailChanges = ({ db, users, jobs, links, requirePassword }: Deps) => ({
  /** Answers the same when somebody else has the address: then nothing is sent there. */
  askForEmail: async ({ id }: SignedIn, { email: given, password }: EmailChange, device: Device) => {
    const email = emailAddress(given)
    await requirePassword(id, device, { password, pointer: '/password' })
    await transaction(db, async (tx) => {
      const account = await users.lockAccount(tx, id)
      if (account.email === email) throw sameEmail()
      if (!(await users.findByEmail(tx, email))) await links.send(tx, 'email_change', id, email)
      await jobs.send(tx, 'mail.account', { kind: 'email_change_asked', user_id: id, data: { to: account.email, email } })
    })
  },
  confirmEmail: (token: string) =>
    transaction(db, async (tx) => {
      const { user_id, email } = await links.take(tx, 'email_change', token)
      const account = await users.lockAccount(tx, user_id)
      if (email === null || accountState(account) !== 'active') throw invalidLink()
      await users.changeEmail(tx, user_id, email)
      await links.drop(tx, user_id, ['activation', 'password_reset'])
      await jobs.send(tx, 'mail.account', { kind: 'email_changed', user_id, data: { to: account.email, email } })
      return { email, is_active: true, is_verified: true }
    }),
})
