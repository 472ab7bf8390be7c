import { Secret, TOTP } from 'otpauth'

import { relyingPartyOf } from '#modules/auth/factors/relying-party.ts'
import type { Reply } from '#testing/app.ts'
import { createAuthenticator } from '#testing/authenticator.ts'
import type { Newcomers } from './account-recipes.ts'
import type { Recipe } from './recipes.ts'
import { PROVIDER, type World } from './world.ts'

const AUTH = '/api/v1/auth'
const ME = '/api/v1/users/me'

type Recipes = Record<string, () => Promise<Recipe>>
type Headers = Record<string, string>
const as = 'anonymous'

/** Somebody with an authenticator app on the phone, and its recovery codes. */
const createEnrolled =
  ({ app }: World, { newcomer }: Newcomers) =>
  async () => {
    const { id, email, headers } = await newcomer()
    const { secret } = (await app.anonymous.post(`${ME}/totp`, undefined, headers)).body as { secret: string }
    const totp_code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    const confirm = () => app.anonymous.post(`${ME}/totp/confirm`, { totp_code }, headers)
    const recoveryCode = async () => ((await confirm()).body as { recovery_codes: string[] }).recovery_codes[0] ?? ''
    return { id, email, headers, totp_code, recoveryCode }
  }

const totpRecipes = (world: World, newcomers: Newcomers): Recipes => {
  const enrolled = createEnrolled(world, newcomers)
  const proved = async (): Promise<Recipe> => {
    const { headers, recoveryCode } = await enrolled()
    return { as, headers, body: { recovery_code: await recoveryCode() } }
  }
  return {
    [`POST ${ME}/totp`]: async () => ({ as, headers: (await newcomers.newcomer()).headers }),
    [`POST ${ME}/totp/confirm`]: async () => {
      const { headers, totp_code } = await enrolled()
      return { as, headers, body: { totp_code } }
    },
    [`POST ${ME}/totp/recovery-codes`]: proved,
    [`DELETE ${ME}/totp`]: proved,
  }
}

const passkeyRecipes = ({ app }: World, { newcomer }: Newcomers): Recipes => {
  const { id: rpId, origins } = relyingPartyOf(app.config)
  const place = { rpId, origin: origins[0] ?? '' }
  const made = async () => {
    const { headers } = await newcomer()
    const key = createAuthenticator(place)
    const options = (await app.anonymous.post(`${ME}/passkeys/options`, undefined, headers)).body
    return { headers, key, body: { name: 'Blue key', ...key.create(options) } }
  }
  const kept = async () => {
    const { headers, key, body } = await made()
    const { id } = (await app.anonymous.post(`${ME}/passkeys`, body, headers)).body as { id: number }
    return { headers, key, id }
  }
  return {
    [`POST ${ME}/passkeys/options`]: async () => ({ as, headers: (await newcomer()).headers }),
    [`POST ${ME}/passkeys`]: async () => {
      const { headers, body } = await made()
      return { as, headers, body }
    },
    [`DELETE ${ME}/passkeys/{id}`]: async () => {
      const { headers, id } = await kept()
      return { as, headers, params: { id } }
    },
    [`POST ${AUTH}/passkeys`]: async () => {
      const { key } = await kept()
      const { body } = await app.anonymous.post(`${AUTH}/passkeys/options`)
      return { as, body: key.get(body) }
    },
  }
}

const cookiesOf = (headers: Reply['headers']): Headers => ({
  cookie: ([headers['set-cookie'] ?? []].flat() as string[]).map((line) => line.split(';')[0]).join('; '),
})

const oidcRecipes = (world: World, newcomers: Newcomers): Recipes => {
  const { app, provider, unique } = world
  const enrolled = createEnrolled(world, newcomers)
  const params = { provider: PROVIDER }
  /** At the provider's desk sits whoever has this address, and is sent back to us. */
  const sentBack = async (email: string): Promise<Recipe> => {
    provider.seat(email, { email, email_verified: true, name: 'Леся Косач' })
    const start = await app.anonymous.get(`${AUTH}/oidc/${PROVIDER}/start`)
    const { searchParams } = await provider.visit(String(start.headers['location']))
    return { as, params, query: Object.fromEntries(searchParams), headers: cookiesOf(start.headers) }
  }
  return {
    [`GET ${AUTH}/oidc/{provider}/start`]: async () => ({ as, params, query: { return_to: '/account' } }),
    [`GET ${AUTH}/oidc/{provider}/callback`]: () => sentBack(`${unique()}@fuzz.test`),
    [`POST ${AUTH}/oidc/finish`]: async () => {
      const { id, email, recoveryCode } = await enrolled()
      const recovery_code = await recoveryCode()
      // Only where this house has proved the address as well is an account found by it.
      await app.db.updateTable('users').set({ is_verified: true }).where('id', '=', id).execute()
      const { query, headers } = await sentBack(email)
      const path = `${AUTH}/oidc/${PROVIDER}/callback?${new URLSearchParams(query as Headers).toString()}`
      const back = await app.anonymous.get(path, undefined, headers)
      const browser = { 'x-marquee-client': 'web', origin: app.config.PUBLIC_URL }
      return { as, headers: { ...cookiesOf(back.headers), ...browser }, body: { recovery_code } }
    },
  }
}

const identityRecipes = ({ app, unique }: World, { newcomer }: Newcomers): Recipes => ({
  [`DELETE ${ME}/identities/{id}`]: async () => {
    const { id: user_id, email, headers } = await newcomer()
    const identity = { user_id, provider: PROVIDER, subject: unique(), email }
    const { id } = await app.db.insertInto('user_identities').values(identity).returning('id').executeTakeFirstOrThrow()
    return { as, headers, params: { id } }
  },
})

const signInRecipes = ({ app }: World, { register }: Newcomers): Recipes => ({
  [`DELETE ${AUTH}/sign-ins/{id}`]: async () => {
    const { headers } = await register()
    const { items } = (await app.anonymous.get(`${AUTH}/sign-ins`, undefined, headers)).body as { items: { id: string }[] }
    return { as, headers, params: { id: items[0]?.id } }
  },
})

export const wayInRecipes = (world: World, newcomers: Newcomers): Recipes => ({
  ...totpRecipes(world, newcomers),
  ...passkeyRecipes(world, newcomers),
  ...oidcRecipes(world, newcomers),
  ...identityRecipes(world, newcomers),
  ...signInRecipes(world, newcomers),
})
