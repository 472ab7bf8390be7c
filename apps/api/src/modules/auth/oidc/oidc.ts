import { requireActive } from '#modules/auth/active.ts'
import { accountUnproved, blocked, oidcEmailNeeded, oidcFailed } from '#modules/auth/errors.ts'
import { tellFactorChange } from '#modules/auth/factors/factor-changes.ts'
import type { FactorProof } from '#modules/auth/factors/totp.schemas.ts'
import type { Totp } from '#modules/auth/factors/totp.ts'
import type { Token } from '#modules/auth/schemas.ts'
import type { AuthService } from '#modules/auth/service.ts'
import type { Device } from '#modules/auth/sign-ins/device.ts'
import type { UsersService } from '#modules/users/service.ts'
import type { Clock } from '#platform/clock.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import type { Role } from '#platform/http/access.ts'
import { locales } from '#platform/i18n.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Secrets } from '#platform/secrets.ts'
import type { Claims, OidcClient, Proofs } from './oidc-client.ts'
import type { OidcProvider } from './oidc-providers.ts'
import * as repository from './oidc.repository.ts'

/** So long somebody may take at the provider, and for the code of an app after it. */
export const FLOW_SECONDS = 600

type Flow = Proofs & { provider: string; return_to: string; expires_ms: number }
type Pending = { user_id: number; role: Role; expires_ms: number }
type Person = { id: number; role: Role }
type Finished = { return_to: string } & ({ token: Token } | { pending: string })

type Deps = {
  db: Db
  users: UsersService
  auth: Pick<AuthService, 'signIn'>
  totp: Pick<Totp, 'isEnabled' | 'prove'>
  client: OidcClient
  providers: OidcProvider[]
  secrets: Secrets
  clock: Clock
  jobs: Pick<Jobs, 'send'>
}

/** Signing in with an account elsewhere. What must survive the way there and back is sealed into a cookie; nothing is stored. */
export const createOidc = ({ db, users, auth, totp, client, providers, secrets, clock, jobs }: Deps) => {
  const box = secrets.box('oidc')
  const expires = () => clock.now().getTime() + FLOW_SECONDS * 1000

  const open = (sealed: string | undefined, about: string): { expires_ms: number } => {
    const text = sealed === undefined ? undefined : box.open(sealed, about)
    const found = text === undefined ? undefined : (JSON.parse(text) as { expires_ms: number })
    if (!found || found.expires_ms <= clock.now().getTime()) throw oidcFailed()
    return found
  }

  const openFlow = (provider: string, sealed: string | undefined) => open(sealed, `flow ${provider}`) as Flow

  /**
   * An account is found by its e-mail only when both sides have proved it: else whoever registers with somebody's
   * address first would be let into what that person does later.
   */
  const findOrCreate = async (
    tx: Db,
    { email, email_verified, first_name, last_name, locale }: Claims,
  ): Promise<{ id: number; isNew: boolean }> => {
    if (!email || !email_verified) throw oidcEmailNeeded()
    const found = await users.findByEmail(tx, email)
    if (!found) {
      const language = locales.find((one) => one === locale?.slice(0, 2))
      const names = { first_name: first_name.slice(0, 100), last_name: last_name.slice(0, 100) }
      const { id } = await users.createVouched(tx, { email, ...names, ...(language && { locale: language }) })
      return { id, isNew: true }
    }
    if (!found.is_verified) throw accountUnproved()
    return { id: found.id, isNew: false }
  }

  const activePerson = async (id: number): Promise<Person> => {
    const person = await users.findAccount(id)
    if (!person) throw blocked()
    requireActive(person)
    return person
  }

  const personOf = async (provider: string, claims: Claims): Promise<Person> => {
    const id = await transaction(db, async (tx) => {
      const known = await repository.useIdentity(tx, provider, claims.subject)
      if (known) return known.user_id
      const { id: user_id, isNew } = await findOrCreate(tx, claims)
      const { subject, email = '' } = claims
      await repository.insertIdentity(tx, { provider, subject, user_id, email })
      if (!isNew) await tellFactorChange(tx, jobs, { kind: 'factor_added', factor: 'oidc', user_id, provider })
      return user_id
    })
    return activePerson(id)
  }

  const signIn = (person: Person, device: Device, is_strong: boolean): Promise<Token> =>
    auth.signIn(person, device, (tx) => users.noteSignIn(tx, person.id), { method: 'oidc', is_strong })

  return {
    providers: providers.map(({ name, label }) => ({ name, label, start_url: `/api/v1/auth/oidc/${name}/start` })),

    start: async (provider: string, return_to: string) => {
      const { location, proofs } = await client.begin(provider)
      const flow: Flow = { ...proofs, provider, return_to, expires_ms: expires() }
      return { location, flow: box.seal(JSON.stringify(flow), `flow ${provider}`) }
    },

    /** Where the browser wanted to go, when the flow is ours. */
    returnTo: (provider: string, sealed: string | undefined): string | undefined => {
      try {
        return openFlow(provider, sealed).return_to
      } catch {
        return undefined
      }
    },

    finish: async (provider: string, query: string, sealed: string | undefined, device: Device): Promise<Finished> => {
      const { return_to, ...proofs } = openFlow(provider, sealed)
      const person = await personOf(provider, await client.finish(provider, query, proofs))
      if (!(await totp.isEnabled(person.id))) return { return_to, token: await signIn(person, device, false) }
      const pending: Pending = { user_id: person.id, role: person.role, expires_ms: expires() }
      return { return_to, pending: box.seal(JSON.stringify(pending), 'pending') }
    },

    /** The code of an app, for whoever a provider has let through. */
    complete: async (sealed: string | undefined, proof: FactorProof, device: Device): Promise<Token> => {
      const { user_id } = open(sealed, 'pending') as Pending
      const is_strong = await totp.prove(user_id, proof)
      return signIn(await activePerson(user_id), device, is_strong)
    },
  }
}
export type Oidc = ReturnType<typeof createOidc>
