import { invalidLink } from '#modules/auth/errors.ts'
import type { Passwords } from '#modules/auth/passwords/passwords.ts'
import * as repository from '#modules/auth/repository.ts'
import type { AuthService } from '#modules/auth/service.ts'
import type { Device } from '#modules/auth/sign-ins/device.ts'
import type { SignIns } from '#modules/auth/sign-ins/sign-ins.ts'
import type { Throttle } from '#modules/auth/sign-ins/throttle.ts'
import { accountState } from '#modules/users/rules.ts'
import type { UsersService } from '#modules/users/service.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { OwnPassword } from './account.schemas.ts'
import { createEmailChanges } from './change-email.ts'
import { createPasswordChanges } from './change-password.ts'
import type { Links } from './links.ts'
import { createOwnerProof } from './owner-proof.ts'
import { createRetention } from './retention.ts'

type Deps = {
  db: Db
  users: UsersService
  passwords: Passwords
  jobs: Jobs
  links: Links
  throttle: Throttle
  auth: Pick<AuthService, 'signIn'>
  signIns: Pick<SignIns, 'requireFresh'>
}

/** Accounts before and between sign-ins: the links that open them, and what their owners change. */
export const createAccounts = (deps: Deps) => {
  const { db, users, jobs, links, throttle } = deps

  const passwordChanges = createPasswordChanges(deps)
  const proveOwner = createOwnerProof({ ...deps, requirePassword: passwordChanges.requirePassword })

  const activate = (token: string) =>
    transaction(db, async (tx) => {
      const { user_id } = await links.take(tx, 'activation', token)
      const account = await users.lockAccount(tx, user_id)
      const state = accountState(account)
      if (state === 'blocked') throw invalidLink()
      await users.activate(tx, user_id)
      if (state !== 'active') await jobs.send(tx, 'mail.account', { kind: 'activated', user_id, data: {} })
      return { email: account.email, is_active: true, is_verified: true }
    })

  /** Who may have which link is found out by a job, so that the answer and its time are the same for every address. */
  const askForLink = (kind: 'activation' | 'password_reset') => async (email: string, device: Device) => {
    await throttle.spend(throttle.ofLink(email, device))
    await transaction(db, (tx) => jobs.send(tx, 'accounts.link', { kind, email }))
  }

  return {
    ...passwordChanges,
    ...createRetention({ db }),
    proveOwner,
    ...createEmailChanges({ ...deps, requirePassword: passwordChanges.requirePassword }),
    activate,
    resendActivation: askForLink('activation'),
    askForReset: askForLink('password_reset'),
    sendLink: ({ kind, email }: { kind: 'activation' | 'password_reset'; email: string }) =>
      transaction(db, async (tx) => {
        const account = await users.findByEmail(tx, email)
        if (!account) return
        const state = accountState(account)
        const needs =
          kind === 'activation' ? state === 'pending' || state === 'closed' || !account.is_verified : state === 'active'
        if (needs && state !== 'blocked') await links.send(tx, kind, account.id)
      }),
    /** Closes an account until its owner asks for an activation link; what was bought stays good. */
    deactivate: async (actor: SignedIn, { password }: OwnPassword, device: Device) => {
      const { id } = actor
      await proveOwner(actor, password, device)
      await transaction(db, async (tx) => {
        await users.lockLeaving(tx, id)
        await users.deactivate(tx, id)
        await repository.endSignIns(tx, id)
        await links.drop(tx, id, ['activation', 'password_reset', 'email_change'])
        await jobs.send(tx, 'mail.account', { kind: 'deactivated', user_id: id, data: {} })
      })
    },
    linkOf: (id: string) => links.find(db, id),
  }
}
export type AccountsService = ReturnType<typeof createAccounts>
