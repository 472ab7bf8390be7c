import type { AuthService } from '#modules/auth/service.ts'
import { userNotFound } from '#modules/users/errors.ts'
import type { UsersService } from '#modules/users/service.ts'
import { recordEvent } from '#platform/audit.ts'
import { type Db, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import type { Role, SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import { noSuchCinema, notActive, notAdminAnyMore, notAnAdmin, notStaff, notYourself, oneRole } from './errors.ts'
import type { AdminUser, AdminUserQuery, GroupChange, MyAccess, StaffCreate } from './schemas.ts'

const IMPERSONATION_SECONDS = 600

type Sign = (claims: { id: number; role: Role; sign_in: string; impersonated_by: number }, seconds: number) => Promise<string>
type Deps = {
  db: Db
  users: UsersService
  auth: Pick<AuthService, 'signInsOf' | 'endSignIns'>
  totp: { removeFactors: (tx: Tx, userId: number) => Promise<boolean> }
  jobs: Pick<Jobs, 'send'>
  tokens: { sign: Sign }
  passwords: {
    hash: (password: string) => Promise<string>
    requireStrong: (password: string, about: StaffCreate) => Promise<void>
  }
  /** What this process remembers of somebody is read again. */
  forget: (userId: number) => void
}
type Standing = Awaited<ReturnType<UsersService['staff']['lockWithAdmins']>>['user'] & object

const roleOf = ({ group, role }: GroupChange): Role => {
  const named = role ?? group
  if (named === undefined || (role !== undefined && group !== undefined)) throw oneRole()
  return named === 'user' ? 'customer' : named
}

/** Who may do what, and where: what admins do to the accounts of others. The database itself writes down what changes. */
export const createStaffService = ({ db, users, auth, totp, jobs, tokens, passwords, forget }: Deps) => {
  const { staff } = users

  const get = async (id: number): Promise<AdminUser> => {
    const user = await staff.findOne(id)
    if (!user) throw userNotFound()
    return user
  }

  /** Changes somebody else under the lock of all admins, so that whoever acts is one still, and one is left. */
  const change = async (actor: SignedIn, id: number, work: (tx: Tx, user: Standing) => Promise<unknown>): Promise<AdminUser> => {
    if (actor.id === id) throw notYourself()
    await transaction(db, async (tx) => {
      const { user, admins } = await staff.lockWithAdmins(tx, id)
      if (actor.role === 'admin' && !admins.includes(actor.id)) throw notAdminAnyMore()
      if (!user) throw userNotFound()
      await work(tx, user)
    })
    forget(id)
    return get(id)
  }

  const assign = async (tx: Tx, id: number, role: Role, cinemaIds: readonly number[]) => {
    if (role === 'customer' || (await staff.isEverywhere(tx, role))) throw notStaff()
    await staff.setCinemas(tx, id, cinemaIds)
  }

  const named = (error: unknown) => (violated(error) === 'staff_assignments_cinema_id_fkey' ? noSuchCinema() : error)

  return {
    get,
    list: (query: AdminUserQuery) => staff.list(query),
    roles: async () => ({ items: await staff.listRoles() }),

    create: async ({ role, cinema_ids, ...account }: StaffCreate): Promise<AdminUser> => {
      await passwords.requireStrong(account.password, { ...account, role })
      const hashed_password = await passwords.hash(account.password)
      try {
        const id = await transaction(db, async (tx) => {
          const made = await users.create(tx, account, { hashed_password })
          await staff.activate(tx, made.id)
          if (role !== 'customer') await staff.setRole(tx, made.id, role)
          if (cinema_ids) await assign(tx, made.id, role, cinema_ids)
          return made.id
        })
        return await get(id)
      } catch (error) {
        throw named(error)
      }
    },

    activate: (actor: SignedIn, id: number) => change(actor, id, (tx) => staff.activate(tx, id)),
    unblock: (actor: SignedIn, id: number) => change(actor, id, (tx) => staff.unblock(tx, id)),
    block: (actor: SignedIn, id: number) =>
      change(actor, id, async (tx) => {
        await staff.block(tx, id)
        await auth.endSignIns(tx, id)
      }),

    changeGroup: async (actor: SignedIn, id: number, wish: GroupChange): Promise<AdminUser> => {
      const role = roleOf(wish)
      return change(actor, id, async (tx) => {
        await staff.setRole(tx, id, role)
        // Whoever comes back to the role later does not find the cinemas of then.
        if (role === 'customer' || (await staff.isEverywhere(tx, role))) await staff.setCinemas(tx, id, [])
      })
    },

    changeCinemas: async (actor: SignedIn, id: number, cinemaIds: readonly number[]): Promise<AdminUser> => {
      try {
        return await change(actor, id, (tx, { role }) => assign(tx, id, role, cinemaIds))
      } catch (error) {
        throw named(error)
      }
    },

    signIns: async (id: number) => {
      await get(id)
      return { items: await auth.signInsOf(id) }
    },

    endSignIns: async (id: number): Promise<void> => {
      await get(id)
      await transaction(db, async (tx) => {
        const ended = await auth.endSignIns(tx, id)
        await recordEvent(tx, { action: 'auth.sign_ins_ended', object_kind: 'users', object_id: id, after: { ended } })
      })
      forget(id)
    },

    /** For whoever has lost the phone and the recovery codes: the password alone signs them in again, and they are told. */
    removeFactors: async (actor: SignedIn, id: number): Promise<void> => {
      await change(actor, id, async (tx) => {
        if (!(await totp.removeFactors(tx, id))) return
        await auth.endSignIns(tx, id)
        await recordEvent(tx, { action: 'auth.factors_removed', object_kind: 'users', object_id: id })
        await jobs.send(tx, 'mail.account', { kind: 'factors_removed', user_id: id, data: {} })
      })
    },

    /** The token lives as long as the admin's own sign-in at most, and reads only. */
    impersonate: async (actor: SignedIn, id: number, reason: string | undefined) => {
      if (actor.id === id) throw notYourself()
      const user = await get(id)
      if (!user.is_active) throw notActive()
      if (user.role === 'admin') throw notAnAdmin()
      const facts = { seconds: IMPERSONATION_SECONDS, ...(reason !== undefined && { reason }) }
      await recordEvent(db, { action: 'users.impersonated', object_kind: 'users', object_id: id, after: facts })
      const claims = { id, role: user.role, sign_in: actor.sign_in, impersonated_by: actor.id }
      const access_token = await tokens.sign(claims, IMPERSONATION_SECONDS)
      return { access_token, token_type: 'bearer' as const, expires_in: IMPERSONATION_SECONDS, user }
    },

    accessOf: ({ role, permissions, cinema_ids, impersonated_by }: SignedIn): MyAccess => ({
      role,
      permissions: [...permissions].toSorted(),
      cinema_ids: cinema_ids && [...cinema_ids],
      impersonated_by,
    }),
  }
}
export type StaffService = ReturnType<typeof createStaffService>
