import { notFound } from '#modules/auth/errors.ts'
import { tellFactorChange } from '#modules/auth/factors/factor-changes.ts'
import type { WaysLeft } from '#modules/auth/factors/ways-left.ts'
import type { SignIns } from '#modules/auth/sign-ins/sign-ins.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { SignedIn } from '#platform/http/access.ts'
import type { Jobs } from '#platform/jobs.ts'
import * as repository from './identities.repository.ts'
import type { OidcProvider } from './oidc-providers.ts'
import type { IdentityList } from './oidc.schemas.ts'

type Deps = {
  db: Db
  providers: OidcProvider[]
  jobs: Pick<Jobs, 'send'>
  signIns: Pick<SignIns, 'requireFresh'>
  waysLeft: WaysLeft
}

/** Accounts at providers that open the account here. One comes by signing in with it, and goes here. */
export const createIdentities = ({ db, providers, jobs, signIns, waysLeft }: Deps) => ({
  list: async ({ id }: SignedIn): Promise<IdentityList> => {
    const labels = new Map(providers.map(({ name, label }) => [name, label]))
    const rows = await repository.listIdentities(db, id)
    return { items: rows.map((row) => ({ ...row, label: labels.get(row.provider) ?? row.provider })) }
  },

  remove: async (actor: SignedIn, id: number): Promise<void> => {
    await signIns.requireFresh(actor)
    await transaction(db, async (tx) => {
      const gone = await waysLeft(tx, actor.id, () => repository.deleteIdentity(tx, actor.id, id))
      if (!gone) throw notFound()
      await tellFactorChange(tx, jobs, { kind: 'factor_removed', factor: 'oidc', user_id: actor.id, provider: gone.provider })
    })
  },
})
export type Identities = ReturnType<typeof createIdentities>
