import { randomUUID } from 'node:crypto'

import { invalidLink } from '#modules/auth/errors.ts'
import { hashToken } from '#modules/auth/tokens.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Secrets } from '#platform/secrets.ts'
import * as repository from './links.repository.ts'

type Deps = { jobs: Jobs; secrets: Secrets; publicUrl: string; lifetimes: Record<repository.LinkKind, number> }

const PAGES = { activation: 'activate', password_reset: 'reset', email_change: 'email' } as const

/**
 * Links in mails that prove an address, each once. A token is derived from the id of its row, so that the job which
 * writes the mail is told an id, and the token itself stands nowhere but in the mail.
 */
export const createLinks = ({ jobs, secrets, publicUrl, lifetimes }: Deps) => {
  const hash = secrets.hasher('account-links')
  const tokenOf = (id: string) => hash(id)[0]

  return {
    /** Makes a link that replaces an older one of its kind, and queues the mail that carries it. */
    send: async (tx: Db, kind: repository.LinkKind, user_id: number, email: string | null = null) => {
      const id = randomUUID()
      const token_hash = hashToken(tokenOf(id))
      await repository.putToken(tx, { id, user_id, kind, token_hash, email, lifetime_seconds: lifetimes[kind] })
      await jobs.send(tx, 'mail.account', { kind, user_id, data: { link_id: id } })
    },
    take: async (tx: Db, kind: repository.LinkKind, token: string) => {
      const taken = await repository.takeToken(tx, kind, hashToken(token))
      if (!taken) throw invalidLink()
      return taken
    },
    /** Does something dear for this token, which nobody else does meanwhile; only `take` uses it up. */
    during: async <T>(db: Db, kind: repository.LinkKind, token: string, work: (user_id: number) => Promise<T>): Promise<T> => {
      const claimed = await repository.claimToken(db, kind, hashToken(token))
      if (!claimed) throw invalidLink()
      try {
        return await work(claimed.user_id)
      } catch (error) {
        await repository.releaseToken(db, claimed.id)
        throw error
      }
    },
    drop: repository.dropTokens,
    /** The address of the page a mail points to, while it is good for something. */
    find: async (db: Db, id: string) => {
      const found = await repository.findToken(db, id)
      return found && { email: found.email, url: `${publicUrl}/account/${PAGES[found.kind]}?token=${tokenOf(id)}` }
    },
  }
}
export type Links = ReturnType<typeof createLinks>
