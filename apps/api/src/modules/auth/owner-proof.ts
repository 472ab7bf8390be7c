import type { UsersService } from '#modules/users/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import { AppError, invalid } from '#platform/errors.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Device } from './device.ts'
import { hasBegunSince } from './repository.ts'

/** For so long a sign-in proves that its owner is still there. */
const FRESH_SECONDS = 600

const freshSignInNeeded = () =>
  new AppError(403, 'auth.fresh_sign_in_needed', 'Sign in again, then repeat this within ten minutes.')
const passwordMissing = () => invalid('/password', 'This field is missing.', 'request.missing_field')

type Deps = {
  db: Db
  users: Pick<UsersService, 'secretOf'>
  requirePassword: (user_id: number, device: Device, given: { password: string; pointer: string }) => Promise<void>
}

/** Proves for what cannot be undone that the owner asks: by the password, or by a fresh sign-in where there is none. */
export const createOwnerProof =
  ({ db, users, requirePassword }: Deps) =>
  async ({ id, sign_in }: SignedIn, password: string | undefined, device: Device): Promise<void> => {
    if (password !== undefined) return requirePassword(id, device, { password, pointer: '/password' })
    const { hashed_password } = await users.secretOf(id)
    if (hashed_password.startsWith('$argon2')) throw passwordMissing()
    if (!(await hasBegunSince(db, sign_in, FRESH_SECONDS))) throw freshSignInNeeded()
  }
