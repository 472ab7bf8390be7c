import type { Db } from '#platform/db/kysely.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { newestFirst, type UserFilter } from './repository.ts'
import type { UserQuery } from './schemas.ts'
import * as repository from './staff.repository.ts'

type Query = UserFilter & Omit<UserQuery, keyof UserFilter>
type Listed = Awaited<ReturnType<typeof repository.listAll>>[0][number]

/** Accounts as admins see and change them. */
export const createAccounts = ({ db }: { db: Db }) => ({
  findOne: (id: number) => repository.findOne(db, id),
  listRoles: () => repository.listRoles(db),
  isEverywhere: repository.isEverywhere,
  lockWithAdmins: repository.lockWithAdmins,
  setRole: repository.setRole,
  block: repository.block,
  unblock: repository.unblock,
  setCinemas: repository.setCinemas,
  activate: repository.activate,
  list: async ({ page, size, skip, limit, cursor, ...filter }: Query) => {
    const question = { list: 'accounts', of: filter, order: newestFirst }
    const window = readCursorPage(question, { page, size, skip, limit, cursor })
    const [rows, total] = await repository.listAll(db, filter, window)
    return toCursorList<Listed>(rows, total, window)
  },
})
