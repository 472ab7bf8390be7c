import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, someone, given, db } = await startTestApp()

const admin = await as('admin')
const named = async (fields: { first_name?: string; last_name?: string; is_active?: boolean }) => {
  const user = await given.user()
  await db.updateTable('users').set(fields).where('id', '=', user.id).execute()
  return user
}
const found = async (query: string, path = '/api/v1/users') =>
  (await admin.get(`${path}?${query}`)).body.items.map(({ id }: { id: number }) => id)

test('R-033: an admin lists users, the newest first, and no secret is among their fields', async () => {
  const [older, newer] = [await given.user(), await given.user()]
  for (const path of ['/api/v1/auth/users', '/api/v1/users', '/auth/users', '/users']) {
    const { status, body } = await admin.get(`${path}?skip=0&limit=2`)
    expect(status).toBe(200)
    expect(body.items.map(({ id }: { id: number }) => id)).toEqual([newer.id, older.id])
    expect(body).toMatchObject({ page: 1, size: 2 })
    for (const user of body.items) {
      expect(user).toMatchObject({ email: expect.stringContaining('@'), role: 'customer', tickets_count: 0, total_spent: 0 })
      for (const secret of ['hashed_password', 'failed_login_count', 'locked_until']) expect(user).not.toHaveProperty(secret)
    }
  }
  expect(await found('page=2&size=1')).toEqual([older.id])
})

test('R-033: users are found by a part of name, e-mail or username, in any case', async () => {
  const user = await named({ first_name: 'Соломія', last_name: 'Перший_Крок' })
  const { username } = await db.selectFrom('users').select('username').where('id', '=', user.id).executeTakeFirstOrThrow()
  for (const search of ['соломі', 'Соломія Перш', 'ший_кр', user.email.toUpperCase(), username])
    expect(await found(`search=${encodeURIComponent(search)}`)).toEqual([user.id])
  expect(await found(`search=${encodeURIComponent('ший%кр')}`)).toEqual([])
})

test('R-033: users are filtered by role and by whether they are active', async () => {
  const sleeper = await named({ is_active: false, last_name: 'Sleeper' })
  const cashier = await someone('cashier')
  expect(await found('is_active=false')).toEqual([sleeper.id])
  expect(await found('role=cashier')).toEqual([cashier.id])
  expect(await found('role=cashier&search=sleeper')).toEqual([])
})

test.each(['role=king', 'is_active=perhaps', 'search=ab', 'size=101', 'page=1&skip=0', 'name=x', 'search=abc%00'])(
  'R-033: %s is refused',
  async (query) => {
    expect((await admin.get(`/api/v1/auth/users?${query}`)).status).toBe(422)
  },
)

test('R-033: nobody but an admin lists users', async () => {
  for (const path of ['/api/v1/auth/users', '/api/v1/users']) {
    expect((await anonymous.get(path)).status).toBe(401)
    for (const role of ['customer', 'cashier', 'moderator', 'manager'] as const)
      expect((await (await as(role)).get(path)).status).toBe(403)
  }
})
