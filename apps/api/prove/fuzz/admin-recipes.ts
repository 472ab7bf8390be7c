import type { Role } from '#platform/http/access.ts'
import type { Recipe } from './recipes.ts'
import type { World } from './world.ts'

const API = '/api/v1/admin'

/** Accounts that nobody else needs: the people of this world must not be blocked by it. */
export const adminRecipes = (world: World): Record<string, () => Promise<Recipe>> => {
  const { given } = world.app
  const about = async (role: Role, body?: object): Promise<Recipe> => {
    const { id } = await given.user({ role, cinema_ids: [] })
    return { as: 'admin', params: { id }, ...(body && { body }) }
  }
  return {
    [`POST ${API}/users`]: async () => {
      const account = { email: `${world.unique()}@fuzz.test`, password: 'Correct-horse-7', full_name: 'Лесь Курбас' }
      return { as: 'admin', body: { ...account, role: world.random.pick(['cashier', 'manager']), cinema_ids: [] } }
    },
    [`GET ${API}/users/{id}`]: () => about('customer'),
    [`GET ${API}/users/{id}/sign-ins`]: () => about('customer'),
    [`DELETE ${API}/users/{id}/sign-ins`]: () => about('customer'),
    [`POST ${API}/users/{id}/activate`]: () => about('customer'),
    [`POST ${API}/users/{id}/block`]: () => about('customer'),
    [`POST ${API}/users/{id}/unblock`]: async () => {
      const blocked = await about('customer')
      await world.person('admin').post(`${API}/users/${String(blocked.params?.['id'])}/block`)
      return blocked
    },
    [`PUT ${API}/users/{id}/group`]: () =>
      about('customer', { group: world.random.pick(['manager', 'cashier', 'moderator', 'admin']) }),
    [`PUT ${API}/users/{id}/cinemas`]: async () => about('cashier', { cinema_ids: [(await given.cinema()).id] }),
    [`DELETE ${API}/users/{id}/factors`]: async () => {
      const { id } = await given.user()
      const lost = { user_id: id, credential_id: `lost ${world.unique()}`, public_key: 'none', name: 'Lost' }
      await world.app.db.insertInto('passkeys').values(lost).execute()
      return { as: 'admin', params: { id } }
    },
    [`POST ${API}/users/{id}/impersonate`]: () => about('customer', { reason: 'a ticket is missing' }),
    [`GET ${API}/audit`]: async () => ({ as: 'admin', query: { size: 1 + world.random.below(50), object_kind: 'users' } }),
    [`GET ${API}/audit/export`]: async () => ({ as: 'admin', query: { action: 'users.changed' } }),
  }
}
