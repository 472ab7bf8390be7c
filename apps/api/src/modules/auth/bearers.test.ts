import pg from 'pg'
import { afterAll, expect, test, vi } from 'vitest'

import { createApp } from '#app'
import { openServer } from '#platform/db/pool.ts'
import { createLog } from '#platform/log.ts'
import { startTestApp } from '#testing/app.ts'
import { signInOf } from '#testing/factories.ts'
import { eventually } from '#testing/processes.ts'

const app = await startTestApp()
const { db, given, someone, pool, tokens } = app
const ME = '/api/v1/users/me'

/** One more process on the same database, with a pool and a line of its own. */
const database = openServer({ url: app.database.url, size: 5 })
const other = await createApp({ config: app.config, database, keys: app.keys, log: createLog(app.config) })
await other.open()
afterAll(async () => {
  await other.close()
  await database.close()
})
const askOther = async (url: string, headers: Record<string, string>) => (await other.server.inject({ url, headers })).statusCode

/** How often the database is asked who somebody is. */
const questionsDuring = async (work: () => Promise<unknown>): Promise<number> => {
  const asking = vi.spyOn(pg.Client.prototype, 'query')
  await work()
  const asked = asking.mock.calls.filter((call) => JSON.stringify(call[0] ?? '').includes('role_permissions')).length
  asking.mockRestore()
  return asked
}

test('a member of staff is read at every request: a role that is taken is gone with the next one, in both processes', async () => {
  const manager = await someone('manager')
  const [path, { headers }] = ['/api/v1/reports', manager]
  expect([(await manager.get(path)).status, await askOther(path, headers)]).toEqual([200, 200])
  await db.updateTable('users').set({ role: 'customer' }).where('id', '=', manager.id).execute()
  expect([(await manager.get(path)).status, await askOther(path, headers)]).toEqual([403, 403])
  await db.updateTable('users').set({ role: 'manager' }).where('id', '=', manager.id).execute()
  await db.deleteFrom('role_permissions').where('permission', '=', 'reports.make').where('role', '=', 'manager').execute()
  expect([(await manager.get(path)).status, await askOther(path, headers)]).toEqual([403, 403])
  await db.insertInto('role_permissions').values({ permission: 'reports.make', role: 'manager' }).execute()
  expect([(await manager.get(path)).status, await askOther(path, headers)]).toEqual([200, 200])
})

test('a customer costs no question after the first, until something about them changes', async () => {
  const customer = await someone()
  expect(await questionsDuring(() => customer.get(ME))).toBe(1)
  expect(await questionsDuring(() => customer.get(ME))).toBe(0)
  await db.updateTable('users').set({ last_login_at: new Date() }).where('id', '=', customer.id).execute()
  expect(await questionsDuring(() => customer.get(ME))).toBe(0)
})

test('a blocked customer, an ended sign-in and a deleted account are refused in both processes', async () => {
  const endings: ((id: number) => Promise<unknown>)[] = [
    (id) => db.updateTable('users').set({ is_active: false }).where('id', '=', id).execute(),
    (id) => db.updateTable('refresh_tokens').set({ revoked_at: new Date() }).where('user_id', '=', id).execute(),
    (id) => db.deleteFrom('users').where('id', '=', id).execute(),
  ]
  for (const end of endings) {
    const customer = await someone()
    const ask = async () => [(await customer.get(ME)).status, await askOther(ME, customer.headers)]
    expect(await ask()).toEqual([200, 200])
    await end(customer.id)
    await eventually(ask, (seen) => seen.every((status) => status === 401), 2_000)
    expect((await customer.get(ME)).body.code).toBe('auth.invalid_token')
  }
})

test('a token of somebody else’s sign-in, or of none, opens nothing', async () => {
  const [customer, thief] = [await given.user(), await given.user()]
  for (const sign_in of [signInOf(thief.id), signInOf(999_999_999)]) {
    const token = await tokens.sign({ id: customer.id, role: 'customer', sign_in })
    expect((await app.anonymous.get(ME, undefined, { authorization: `Bearer ${token}` })).status).toBe(401)
  }
})

test('while a process cannot hear of changes it remembers nobody', async () => {
  const customer = await someone()
  await customer.get(ME)
  expect(await questionsDuring(() => customer.get(ME))).toBe(0)
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'marquee-listen'`,
  )
  await eventually(
    () => questionsDuring(() => customer.get(ME)),
    (asked) => asked === 1,
    2_000,
  )
  // It listens again, and may have missed something meanwhile.
  await eventually(
    () => questionsDuring(() => customer.get(ME)),
    (asked) => asked === 0,
    8_000,
  )
})
