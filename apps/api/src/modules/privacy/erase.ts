import type { ReviewsService } from '#modules/reviews/service.ts'
import { notAdminAnyMore } from '#modules/staff/errors.ts'
import { userNotFound } from '#modules/users/errors.ts'
import type { UsersService } from '#modules/users/service.ts'
import { recordEvent } from '#platform/audit.ts'
import { currentCaller } from '#platform/caller.ts'
import { type Db, deleteUnreferred, transaction, type Tx } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import { actorOf } from './classes.ts'
import { personal } from './columns.ts'
import { paymentRunning, ticketsAhead } from './errors.ts'
import * as repository from './repository.ts'

type Deps = {
  db: Db
  users: Pick<UsersService, 'lockLeaving'>
  reviews: Pick<ReviewsService, 'forgetAuthor'>
  jobs: Pick<Jobs, 'send' | 'forget'>
}
type Wish = {
  confirm?: boolean | undefined
  /** An admin who does it to somebody else, and must be one still when it happens. */
  by?: SignedIn
}

/**
 * Erases a person: in one transaction everything that is classed so, by the list itself. What is left names nobody; where
 * nothing is left that points to it, the account goes as a whole. Its sign-ins end with the commit, its files by a job.
 */
export const createErase = ({ db, users, reviews, jobs }: Deps) => {
  const requireNothingOpen = async (tx: Tx, id: number, { confirm = false }: Wish) => {
    await repository.lockOrders(tx, id)
    if (await repository.hasPaymentRunning(tx, id)) throw paymentRunning()
    const tickets = await repository.ticketsAhead(tx, id)
    if (tickets.length > 0 && !confirm) throw ticketsAhead(tickets)
  }

  return (id: number, wish: Wish): Promise<void> =>
    transaction(db, async (tx) => {
      const admins = await users.lockLeaving(tx, id)
      if (wish.by?.role === 'admin' && !admins.includes(wish.by.id)) throw notAdminAnyMore()
      const person = await repository.findPerson(tx, id)
      if (!person) throw userNotFound()
      const { email, locale } = person
      await requireNothingOpen(tx, id, wish)

      const avatar = await repository.avatarOf(tx, id)
      await reviews.forgetAuthor(tx, id)
      await repository.closeForEver(tx, id)
      for (const [table, rules] of Object.entries(personal)) await repository.eraseFrom(tx, table, rules, person)
      await jobs.forget(tx, [{ user_id: id }, { email }])

      if (avatar !== null) await jobs.send(tx, 'media.remove', { key: avatar })
      await jobs.send(tx, 'mail.account', { kind: 'erased', user_id: id, locale, data: { to: email } })
      const event = { action: 'users.erased', object_kind: 'users', object_id: id } as const
      await recordEvent(tx, currentCaller() ? event : { ...event, actor: actorOf(person) })
      await deleteUnreferred(tx, () => repository.deleteUser(tx, id))
    })
}
