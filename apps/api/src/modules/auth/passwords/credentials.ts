import type { UsersService } from '#modules/users/service.ts'
import type { Passwords } from './passwords.ts'

type Deps = { users: Pick<UsersService, 'replaceHash' | 'secretOf'>; passwords: Passwords }

/**
 * The hash that a password fits, brought up to date when it is of another time; undefined when there is none. Takes as long
 * for somebody who does not exist.
 */
export const createCredentials =
  ({ users, passwords }: Deps) =>
  async (found: { id: number; hashed_password: string } | undefined, password: string): Promise<string | undefined> => {
    if (!(await passwords.verify(found?.hashed_password, password)) || !found) return undefined
    if (!passwords.isOutdated(found.hashed_password)) return found.hashed_password
    const renewed = await passwords.hash(password)
    if (await users.replaceHash(found.id, found.hashed_password, renewed)) return renewed
    // Who signed in at the same moment was first, or somebody has changed the password.
    const newest = await users.secretOf(found.id)
    return (await passwords.verify(newest, password)) ? newest : undefined
  }
