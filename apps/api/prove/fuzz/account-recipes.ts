import { signInOf } from '#testing/factories.ts'
import type { Recipe } from './recipes.ts'
import { wayInRecipes } from './way-in-recipes.ts'
import type { World } from './world.ts'

const API = '/api/v1'
const PASSWORD = 'Correct-horse-7'
/** The smallest picture that can be drawn. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

type Recipes = Record<string, () => Promise<Recipe>>

/** Somebody new, who may lose the account without anybody's missing it. */
const createNewcomers = (world: World) => {
  const { db, given, passwords, tokens, pool, accounts } = world.app
  let hash: Promise<string> | undefined

  /** Without the price of hashing a password for each. */
  const newcomer = async () => {
    hash ??= passwords.hash(PASSWORD)
    const { id, email } = await given.user({ email: `${world.unique()}@fuzz.test` })
    await db
      .updateTable('users')
      .set({ hashed_password: await hash })
      .where('id', '=', id)
      .execute()
    const token = await tokens.sign({ id, role: 'customer', sign_in: signInOf(id) })
    return { id, email, headers: { authorization: `Bearer ${token}` } }
  }
  const register = async () => {
    const account = { email: `${world.unique()}@fuzz.test`, password: PASSWORD }
    const { body } = await world.person('anonymous').post(`${API}/auth/register`, account)
    const { access_token, refresh_token } = body as { access_token: string; refresh_token: string }
    return { refresh_token, headers: { authorization: `Bearer ${access_token}` } }
  }
  /** The token of the link that was sent last. */
  const newestToken = async () => {
    const { rows } = await pool.query('select id from account_tokens order by created_at desc, id limit 1')
    const link = await accounts.linkOf(rows[0].id)
    return link?.url.split('token=')[1] ?? ''
  }
  const tokenOf = async (kind: 'activation' | 'password_reset') => {
    const { email } = await newcomer()
    await pool.query('delete from account_tokens')
    await accounts.sendLink({ kind, email })
    return newestToken()
  }
  return { register, newcomer, newestToken, tokenOf }
}

export type Newcomers = ReturnType<typeof createNewcomers>

const signInRecipes = (world: World, { register, newcomer }: Newcomers): Recipes => {
  const as = 'anonymous'
  const at = (face: string): Recipes => ({
    [`POST ${API}/${face}/register`]: async () => ({
      as,
      body: { email: `${world.unique()}@fuzz.test`, password: PASSWORD, full_name: 'Лесь Курбас' },
    }),
    [`POST ${API}/${face}/login`]: async () => {
      const { email } = await newcomer()
      return { as, body: { email, password: PASSWORD } }
    },
    [`POST ${API}/${face}/refresh`]: async () => ({ as, body: { refresh_token: (await register()).refresh_token } }),
    [`POST ${API}/${face}/logout`]: async () => ({ as, headers: (await register()).headers }),
  })
  const everywhere = async () => ({ as, headers: (await register()).headers }) as const
  return { ...at('auth'), ...at('accounts'), [`POST ${API}/auth/logout-everywhere`]: everywhere }
}

const linkRecipes = (world: World, { newcomer, newestToken, tokenOf }: Newcomers): Recipes => {
  const as = 'anonymous'
  const password = (face: string): Recipes => ({
    [`POST ${API}/${face}/password/change`]: async () => {
      const { headers } = await newcomer()
      return { as, headers, body: { old_password: PASSWORD, new_password: 'Other-horse-8' } }
    },
    [`POST ${API}/${face}/password/reset-request`]: async () => ({ as, body: { email: `${world.unique()}@fuzz.test` } }),
    [`POST ${API}/${face}/password/reset`]: async () => ({
      as,
      body: { token: await tokenOf('password_reset'), password: 'Other-horse-8' },
    }),
  })
  return {
    ...password('auth'),
    ...password('accounts'),
    [`POST ${API}/accounts/activate`]: async () => ({ as, body: { token: await tokenOf('activation') } }),
    [`GET ${API}/accounts/activate`]: async () => ({ as, query: { token: await tokenOf('activation') } }),
    [`POST ${API}/accounts/activate/resend`]: async () => ({ as, body: { email: `${world.unique()}@fuzz.test` } }),
    [`POST ${API}/accounts/email/confirm`]: async () => {
      const { headers } = await newcomer()
      await world.app.pool.query('delete from account_tokens')
      const wish = { email: `${world.unique()}@fuzz.test`, password: PASSWORD }
      await world.person('anonymous').post(`${API}/users/me/email`, wish, headers)
      return { as, body: { token: await newestToken() } }
    },
  }
}

const ownRecipes = (world: World, { newcomer }: Newcomers): Recipes => {
  const own = (body: unknown) => async (): Promise<Recipe> => ({ as: 'anonymous', headers: (await newcomer()).headers, body })
  const profile = { bio: 'Late shows', gender: 'other', date_of_birth: '1990-05-17' }
  const somebodys = async (): Promise<Recipe> => ({
    as: 'admin',
    params: { id: (await world.app.given.user()).id },
    body: profile,
  })
  return {
    [`POST ${API}/users/me/email`]: async () => own({ email: `${world.unique()}@fuzz.test`, password: PASSWORD })(),
    [`POST ${API}/users/me/deactivate`]: own({ password: PASSWORD }),
    [`DELETE ${API}/users/me`]: own({ password: PASSWORD }),
    [`DELETE ${API}/admin/users/{id}`]: async () => ({
      as: 'admin',
      params: { id: (await world.app.given.user()).id },
      body: {},
    }),
    [`POST ${API}/users/me/profile`]: own(profile),
    [`PUT ${API}/users/me/profile`]: async () => ({ body: profile }),
    [`PATCH ${API}/users/me/profile`]: async () => ({ body: { bio: world.unique() } }),
    [`PUT ${API}/users/me/avatar`]: async () => ({
      body: PIXEL,
      headers: { ...(await newcomer()).headers, 'content-type': 'image/png' },
      as: 'anonymous',
    }),
    [`GET ${API}/users/{id}/profile`]: async () => ({ as: 'admin', params: { id: (await world.app.given.user()).id } }),
    [`POST ${API}/users/{id}/profile`]: somebodys,
    [`PUT ${API}/users/{id}/profile`]: somebodys,
    [`PATCH ${API}/users/{id}/profile`]: somebodys,
    [`PATCH ${API}/users/me`]: async () => ({ body: { full_name: `Name ${world.unique()}` } }),
  }
}

export const accountRecipes = (world: World): Recipes => {
  const newcomers = createNewcomers(world)
  return {
    ...signInRecipes(world, newcomers),
    ...linkRecipes(world, newcomers),
    ...ownRecipes(world, newcomers),
    ...wayInRecipes(world, newcomers),
  }
}
