import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { houseWords } from './password-strength.ts'

const { anonymous, as, accounts, db, pool } = await startTestApp({ config: { PUBLIC_URL: 'https://tickets.planeta.example' } })

const GUESSABLE = { status: 422, body: { code: 'auth.guessable_password', errors: [{ pointer: '/password' }] } }
let serial = 0
const register = (password: string, more: object = {}) => {
  serial += 1
  const account = { email: `petrenko.olena${serial}@example.org`, full_name: 'Олена Петренко', username: `kinoman-${serial}` }
  return anonymous.post('/api/v1/auth/register', { ...account, password, ...more })
}

test.each([
  'Planeta-2026',
  'Петренко-1a',
  'Олена-Петренко-Олена',
  'Kinoman-1!',
  'Petrenko.Olena1',
  'Tickets-Planeta-7',
  'OLENA-petrenko-oLeNa',
])('a password that whoever knows the person or the house would try first is refused: %s', async (password) => {
  expect(await register(password)).toMatchObject(GUESSABLE)
})

test.each(['Planeta-of-apes-1', 'Петренко любить пізні сеанси', 'Marquee-1', 'Tick-tock-7'])(
  'a password with enough of its own is taken, whatever else is in it: %s',
  async (password) => {
    expect((await register(password)).status).toBe(201)
  },
)

test('the same holds for a new password, one that is reset, and one that an admin chooses; a refused link stays good', async () => {
  const { body } = await register('Late-shows-7')
  const headers = { authorization: `Bearer ${body.access_token}` }
  const change = { old_password: 'Late-shows-7', new_password: 'Петренко-1a' }
  expect(await anonymous.post('/api/v1/accounts/password/change', change, headers)).toMatchObject({
    status: 422,
    body: { code: 'auth.guessable_password', errors: [{ pointer: '/new_password' }] },
  })
  await accounts.sendLink({ kind: 'password_reset', email: body.user.email })
  const { rows } = await pool.query('select id from account_tokens where user_id = $1', [body.user.id])
  const token = (await accounts.linkOf(rows[0].id))?.url.split('token=')[1]
  const reset = (password: string) => anonymous.post('/api/v1/accounts/password/reset', { token, password })
  expect(await reset('Petrenko-Olena-1')).toMatchObject(GUESSABLE)
  expect((await reset('Early-shows-8')).status).toBe(204)
  const wish = { email: 'cashier@example.org', full_name: 'Тарас Бойко', role: 'cashier', password: 'Бойко-Тарас-1a' }
  expect(await (await as('admin')).post('/api/v1/admin/users', wish)).toMatchObject(GUESSABLE)
  expect(await db.selectFrom('users').select('id').where('email', '=', wish.email).execute()).toEqual([])
})

test.each([
  ['http://127.0.0.1:8000', []],
  ['http://[::1]:8000', []],
  ['http://localhost:8000', []],
  ['https://tickets.planeta.example/', ['tickets', 'planeta']],
])('the words of the house at %s', (url, words) => {
  expect(houseWords(url)).toEqual(words)
})
