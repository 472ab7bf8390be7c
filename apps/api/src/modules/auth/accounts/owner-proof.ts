import { isHash } from '#modules/auth/passwords/passwords.ts'
import type { Device } from '#modules/auth/sign-ins/device.ts'
import type { SignIns } from '#modules/auth/sign-ins/sign-ins.ts'
import type { UsersService } from '#modules/users/service.ts'
import { invalid } from '#platform/errors.ts'
import type { SignedIn } from '#platform/http/access.ts'

const passwordMissing = () => invalid('/password', 'This field is missing.', 'request.missing_field')

type Deps = {
  users: Pick<UsersService, 'secretOf'>
  signIns: Pick<SignIns, 'requireFresh'>
  requirePassword: (user_id: number, device: Device, given: { password: string; pointer: string }) => Promise<void>
}

/** Proves for what cannot be undone that the owner asks: by the password, or by a fresh sign-in where there is none. */
export const createOwnerProof =
  ({ users, signIns, requirePassword }: Deps) =>
  async (actor: SignedIn, password: string | undefined, device: Device): Promise<void> => {
    if (password !== undefined) return requirePassword(actor.id, device, { password, pointer: '/password' })
    if (isHash(await users.secretOf(actor.id))) throw passwordMissing()
    await signIns.requireFresh(actor)
  }
