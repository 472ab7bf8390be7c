import { type Db, violated } from '#platform/db/kysely.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import { emailAddress } from '#platform/text.ts'
import { createUserAccount } from './account.ts'
import { emailTaken, usernameTaken, userNotFound } from './errors.ts'
import * as repository from './repository.ts'
import { splitNames } from './rules.ts'
import type { UserCreate, UserQuery, UserResponse, UserUpdate } from './schemas.ts'
import { createAccounts } from './staff.ts'

const USERNAME_LENGTH = 40
/** No hash of anything: nobody signs in by it. */
const NO_PASSWORD = '!'

const slugOf = (email: string) => {
  const slug = (email.split('@')[0] ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '')
    .slice(0, USERNAME_LENGTH)
  return slug.length >= 3 ? slug : `user-${slug}`
}

export const createUsersService = ({ db }: { db: Db }) => {
  const account = createUserAccount({ db })

  const freeUsername = async (tx: Db, email: string) => {
    const slug = slugOf(email)
    if (!(await repository.usernameExists(tx, slug))) return slug
    return `${slug}-${Math.random().toString(36).slice(2, 8)}`
  }

  const get = async (id: number): Promise<UserResponse> => {
    const user = await repository.findUser(db, id)
    if (!user) throw userNotFound()
    return user
  }

  /** `pending` accounts wait for activation. */
  const create = async (
    tx: Db,
    { password: _, full_name, first_name, last_name, username, email, locale, ...rest }: UserCreate,
    { hashed_password, pending = false }: { hashed_password: string; pending?: boolean },
  ) => {
    const address = emailAddress(email)
    const names = { first_name: '', last_name: '', ...splitNames({ full_name, first_name, last_name }) }
    try {
      return await repository.insertUser(tx, {
        phone: null,
        address: null,
        city: null,
        postal_code: null,
        ...rest,
        ...names,
        email: address,
        username: username?.toLowerCase() ?? (await freeUsername(tx, address)),
        locale: locale ?? 'uk',
        hashed_password,
        ...(pending && { is_active: false, activated_at: null }),
      })
    } catch (error) {
      if (violated(error) === 'users_email') throw emailTaken()
      if (violated(error) === 'users_username') throw usernameTaken()
      throw error
    }
  }

  return {
    ...account,
    get,
    list: async ({ page, size, skip, limit, cursor, ...filter }: UserQuery) => {
      const question = { list: 'users', of: filter, order: repository.newestFirst }
      const window = readCursorPage(question, { page, size, skip, limit, cursor })
      const [rows, total] = await repository.listUsers(db, filter, window)
      return toCursorList<UserResponse>(rows, total, window)
    },
    create,
    /** For whom somebody else vouches: there is no password, and the address is proved. */
    createVouched: async (tx: Db, input: Omit<UserCreate, 'password'>) => {
      const person = await create(tx, { ...input, password: '' }, { hashed_password: NO_PASSWORD })
      await account.setVerified(tx, person.id)
      return person
    },
    update: async (id: number, { full_name, first_name, last_name, ...rest }: UserUpdate): Promise<UserResponse> => {
      const changes = { ...rest, ...splitNames({ full_name, first_name, last_name }) }
      if (Object.keys(changes).length > 0) await repository.updateUser(db, id, changes)
      return get(id)
    },
    staff: createAccounts({ db }),
    findCredentials: (login: string) => repository.findCredentials(db, login.trim().toLowerCase()),
    assignCinema: repository.assignCinema,
    noteSignIn: repository.noteSignIn,
    noteTry: repository.noteTry,
  }
}
export type UsersService = ReturnType<typeof createUsersService>
