import Bowser from 'bowser'

import { signInAgain, notFound } from '#modules/auth/errors.ts'
import { endSignIns } from '#modules/auth/repository.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import * as repository from './sign-ins.repository.ts'
import type { SignIn, SignInList } from './sign-ins.schemas.ts'

/** For so long after signing in a person may change what guards the account. */
const FRESH_SECONDS = 600

const KINDS = { desktop: 'desktop', mobile: 'mobile', tablet: 'tablet', tv: 'tv' } as const
const isKind = (type: string | undefined): type is keyof typeof KINDS => type !== undefined && type in KINDS

/** A device in words, as far as it says what it is. */
export const describeDevice = (user_agent: string | null): Pick<SignIn, 'device' | 'device_kind'> => {
  if (!user_agent) return { device: null, device_kind: 'unknown' }
  const { browser, os, platform } = Bowser.parse(user_agent)
  const words = [browser.name, os.name].filter(Boolean)
  return {
    // What is no browser is named by its own first word: curl/8.1 and the like.
    device: words.length > 0 ? words.join(', ') : user_agent.split(/[\s/(]/)[0] || null,
    device_kind: isKind(platform.type) ? platform.type : 'unknown',
  }
}

type Deps = {
  db: Db
  /** Tells this process that somebody's access has changed; the others hear of it from the database. */
  forget: (user_id: number) => void
}

/** Where a person is signed in, and how that ends. */
export const createSignIns = ({ db, forget }: Deps) => ({
  list: async (actor: SignedIn): Promise<SignInList> => {
    const rows = await repository.listSignIns(db, actor.id)
    const items = rows.map(({ user_agent, ...row }) => ({
      ...row,
      ...describeDevice(user_agent),
      is_current: row.id === actor.sign_in,
    }))
    return { items: items.toSorted((a, b) => Number(b.is_current) - Number(a.is_current)) }
  },
  end: async (actor: SignedIn, id: string): Promise<void> => {
    if (!(await repository.endSignIn(db, actor.id, id))) throw notFound()
    forget(actor.id)
  },
  endAll: async (actor: SignedIn): Promise<void> => {
    await transaction(db, (tx) => endSignIns(tx, actor.id))
    forget(actor.id)
  },
  /** Whoever finds an open browser must not be able to lock its owner out. */
  requireFresh: async (actor: SignedIn): Promise<void> => {
    if (!(await repository.isFresh(db, actor.id, actor.sign_in, FRESH_SECONDS))) throw signInAgain()
  },
})
export type SignIns = ReturnType<typeof createSignIns>
