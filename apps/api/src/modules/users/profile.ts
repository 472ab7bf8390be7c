import { type Db, transaction } from '#platform/db/kysely.ts'
import { invalid } from '#platform/errors.ts'
import { may, type SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Storage } from '#platform/storage.ts'
import { createAvatars } from './avatar.ts'
import { profileExists, userNotFound } from './errors.ts'
import * as repository from './profile.repository.ts'
import type { Profile, ProfileInput } from './profile.schemas.ts'
import { updateUser } from './repository.ts'
import { splitNames } from './rules.ts'

type Deps = { db: Db; storage: Storage; jobs: Jobs }

const EMPTY = { bio: null, gender: null, date_of_birth: null }

/** What people tell of themselves beside their account. Everybody has a profile; an empty one has no row. */
export const createProfiles = ({ db, storage, jobs }: Deps) => {
  /** Whose profile is nobody else's business is one that nobody has. */
  const requireMine = (actor: SignedIn, id: number, others: 'users.read' | 'users.manage' = 'users.manage') => {
    if (actor.id !== id && !may(actor, others)) throw userNotFound()
  }

  const read = async (id: number): Promise<Profile> => {
    const profile = await repository.findProfile(db, id)
    if (!profile) throw userNotFound()
    return profile
  }

  const write = async (
    id: number,
    input: ProfileInput,
    store: (tx: Db, details: Partial<repository.Details>) => Promise<void>,
  ) => {
    await read(id)
    const { full_name, first_name, last_name, ...details } = input
    const { date_of_birth } = details
    if (date_of_birth && !(await repository.isBirthday(db, date_of_birth)))
      throw invalid('/date_of_birth', 'Nobody living was born on this day.', 'users.date_of_birth')
    const names = splitNames({ full_name, first_name, last_name })
    await transaction(db, async (tx) => {
      await store(tx, details)
      if (Object.keys(names).length > 0) await updateUser(tx, id, names)
    })
    return read(id)
  }

  return {
    ...createAvatars({ db, storage, jobs }),
    get: async (actor: SignedIn, id: number) => {
      requireMine(actor, id, 'users.read')
      return read(id)
    },
    create: async (actor: SignedIn, id: number, input: ProfileInput) => {
      requireMine(actor, id)
      return write(id, input, async (tx, details) => {
        if (!(await repository.insertProfile(tx, id, details))) throw profileExists()
      })
    },
    replace: async (actor: SignedIn, id: number, input: ProfileInput) => {
      requireMine(actor, id)
      return write(id, input, (tx, details) => repository.updateProfile(tx, id, { ...EMPTY, ...details }))
    },
    change: async (actor: SignedIn, id: number, input: ProfileInput) => {
      requireMine(actor, id)
      return write(id, input, (tx, details) => repository.updateProfile(tx, id, details))
    },
  }
}
export type ProfilesService = ReturnType<typeof createProfiles>
