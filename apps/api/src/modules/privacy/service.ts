import type { AccountsService } from '#modules/auth/accounts/accounts.ts'
import type { Device } from '#modules/auth/sign-ins/device.ts'
import type { ReviewsService } from '#modules/reviews/service.ts'
import { notYourself } from '#modules/staff/errors.ts'
import { userNotFound } from '#modules/users/errors.ts'
import type { UsersService } from '#modules/users/service.ts'
import type { Clock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Storage } from '#platform/storage.ts'
import { createErase } from './erase.ts'
import { lookingOnly } from './errors.ts'
import { createExport } from './export.ts'
import * as repository from './repository.ts'
import type { AccountErasure } from './schemas.ts'

const BATCH = 500

type Deps = {
  db: Db
  users: UsersService
  accounts: Pick<AccountsService, 'proveOwner'>
  reviews: Pick<ReviewsService, 'forgetAuthor'>
  jobs: Jobs
  storage: Pick<Storage, 'read'>
  clock: Clock
  rules: Pick<Config, 'PRIVACY_CONTACT_DAYS'>
  /** What this process remembers of somebody is read again. */
  forget: (userId: number) => void
}

/** What people may know of what is kept about them, and its end. */
export const createPrivacyService = (deps: Deps) => {
  const { db, accounts, storage, clock, rules, forget } = deps
  const erase = createErase(deps)
  const exportOf = createExport({ db, storage, now: clock.now })

  const everyBatch = async (next: (behind: number) => Promise<number | undefined>) => {
    for (let last: number | undefined = 0; last !== undefined;) last = await next(last)
  }

  return {
    /** Answers once it is known whose data it is; the pieces are read while they are taken. */
    export: async ({ id, impersonated_by }: SignedIn): Promise<AsyncGenerator<Uint8Array>> => {
      if (impersonated_by !== null) throw lookingOnly()
      const person = await repository.findPerson(db, id)
      if (!person) throw userNotFound()
      return exportOf(person)
    },

    eraseMe: async (actor: SignedIn, { password, confirm }: AccountErasure, device: Device): Promise<void> => {
      await accounts.proveOwner(actor, password, device)
      await erase(actor.id, { confirm })
      forget(actor.id)
    },

    eraseOther: async (actor: SignedIn, id: number, confirm: boolean | undefined): Promise<void> => {
      if (actor.id === id) throw notYourself()
      await erase(id, { confirm, by: actor })
      forget(id)
    },

    /** Addresses that are of no use any more: buyers' of sessions long over. */
    forgetContacts: async (): Promise<void> => {
      const days = rules.PRIVACY_CONTACT_DAYS
      await everyBatch((behind) => repository.forgetAddresses(db, { days, behind, most: BATCH }))
      await everyBatch((behind) => repository.forgetRecipients(db, { days, behind, most: BATCH }))
    },
  }
}
export type PrivacyService = ReturnType<typeof createPrivacyService>
