import { beforeAll, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { openMailbox } from '#testing/mailbox.ts'
import { eventually } from '#testing/processes.ts'

const app = await startTestApp({ config: { AUTH_REQUIRE_ACTIVATION: true }, poolSize: 20 })
const { anonymous, clock, db, pool } = app
const mailbox = openMailbox(app.directory)
beforeAll(app.work)

const ACCOUNTS = '/api/v1/accounts'
const PASSWORD = 'Marquee-1'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const post = (path: string, body: object, headers = {}) => anonymous.post(ACCOUNTS + path, body, headers)
const login = (email: string, password = PASSWORD) => post('/login', { email, password })

let serial = 0
const newcomer = async () => {
  serial += 1
  const email = `newcomer-${serial}@example.org`
  const registered = await post('/register', { email, password: PASSWORD, locale: 'en' })
  expect(registered.status).toBe(201)
  return { email, registered }
}
/** Somebody whose account is open, without the way there. */
const member = async () => {
  const { email, registered } = await newcomer()
  await db
    .updateTable('users')
    .set({ is_active: true, is_verified: true, activated_at: new Date() })
    .where('email', '=', email)
    .execute()
  return { email, id: registered.body.user.id as number, ...(await login(email)).body }
}
/** The mail with the link that is good now, as soon as it is there. */
const newestLetter = (email: string, kind: string) =>
  eventually(
    async () => {
      const { rows } = await pool.query(
        'select t.id from account_tokens t join users u on u.id = t.user_id where u.email = $1 and kind = $2',
        [email, kind],
      )
      const link = rows[0] && (await app.accounts.linkOf(rows[0].id))
      return mailbox.find(email, kind).find(({ token }) => link?.url.endsWith(token))
    },
    (letter) => letter !== undefined,
  )

test('R-070, R-071: an account waits until the link in its mail is opened; then its owner is told and signs in', async () => {
  const { email, registered } = await newcomer()
  expect(registered.body).toMatchObject({
    access_token: null,
    refresh_token: null,
    user: { email, is_active: false, is_verified: false, activated_at: null },
  })
  expect(await login(email)).toMatchObject({ status: 403, body: { code: 'auth.activation_required' } })
  expect(await login(email, 'wrong')).toMatchObject({ status: 401, body: { code: 'auth.wrong_credentials' } })
  const [letter] = await mailbox.expect(email, 'activation')
  expect(letter).toMatchObject({ subject: 'Confirm your address' })
  expect(letter?.text).toContain(`${app.config.PUBLIC_URL}/account/activate?token=${letter?.token}`)
  expect(await post('/activate', { token: letter?.token })).toMatchObject({
    status: 200,
    body: { email, is_active: true, is_verified: true },
  })
  expect(await login(email)).toMatchObject({ status: 200, body: { user: { is_active: true, is_verified: true } } })
  await mailbox.expect(email, 'activated')
})

test('R-072, R-171: a new link replaces the old one and lives for a day; the answer names nobody', async () => {
  const { email } = await newcomer()
  const first = await newestLetter(email, 'activation')
  const asked = await post('/activate/resend', { email: email.toUpperCase() })
  const nobody = await post('/activate/resend', { email: 'nobody@example.org' })
  expect([asked.status, asked.body]).toEqual([nobody.status, nobody.body])
  await mailbox.expect(email, 'activation', 2)
  const second = await newestLetter(email, 'activation')
  const invalid = { status: 422, body: { code: 'auth.invalid_link', errors: [{ pointer: '/token' }] } }
  expect(await post('/activate', { token: first?.token })).toMatchObject(invalid)
  clock.advance(24 * 3600 + 1)
  expect(await post('/activate', { token: second?.token })).toMatchObject(invalid)
  clock.reset()
  expect(await anonymous.get(`${ACCOUNTS}/activate?token=${second?.token}`)).toMatchObject({ status: 200 })
})

test('Q-25: of a hundred who open one link at once one gets in, and the database knows no token', async () => {
  const { email } = await member()
  await post('/password/reset-request', { email })
  const letter = await newestLetter(email, 'password_reset')
  const { rows: kept } = await pool.query(`select t::text from account_tokens t union all select data::text from pgboss.job`)
  expect(JSON.stringify(kept)).not.toContain(letter?.token)
  const { email: other } = await newcomer()
  const { token } = (await newestLetter(other, 'activation')) ?? {}
  const opened = await Promise.all(Array.from({ length: 100 }, () => post('/activate', { token })))
  expect(opened.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(opened.filter(({ body }) => body.code === 'auth.invalid_link')).toHaveLength(99)
  const reset = (password: string) => post('/password/reset', { token: letter?.token, password })
  const resets = await Promise.all(Array.from({ length: 100 }, (_, index) => reset(`Marquee-${index}-new`)))
  const winner = resets.findIndex(({ status }) => status === 204)
  expect(resets.filter(({ status }) => status === 204)).toHaveLength(1)
  expect(resets.filter(({ status }) => status === 422)).toHaveLength(99)
  expect((await login(email, `Marquee-${winner}-new`)).status).toBe(200)
})

test('R-077, R-078: a reset needs only the link, ends every sign-in, and is told', async () => {
  const { email, refresh_token } = await member()
  const asked = await post('/password/reset-request', { email })
  expect([asked.status, asked.body]).toEqual([200, (await post('/password/reset-request', { email: 'no@example.org' })).body])
  const letter = await newestLetter(email, 'password_reset')
  const reset = (password: string) => anonymous.post('/api/v1/auth/password/reset', { token: letter?.token, password })
  expect(await reset('alllowercase')).toMatchObject({ status: 422, body: { code: 'auth.weak_password' } })
  expect(await reset('Another-pass-2')).toMatchObject({ status: 204 })
  expect(await post('/refresh', { refresh_token })).toMatchObject({ status: 401 })
  expect((await login(email)).status).toBe(401)
  expect((await login(email, 'Another-pass-2')).status).toBe(200)
  await mailbox.expect(email, 'password_changed')
  expect(await reset('Another-pass-3')).toMatchObject({ status: 422, body: { code: 'auth.invalid_link' } })
})

test('R-077: a reset link goes only to accounts that are open, and lives for an hour', async () => {
  const waiting = await newcomer()
  const open = await member()
  await app.accounts.sendLink({ kind: 'password_reset', email: waiting.email })
  await app.accounts.sendLink({ kind: 'password_reset', email: open.email })
  const { rows } = await pool.query(`select user_id from account_tokens where kind = 'password_reset' and user_id = any($1)`, [
    [waiting.registered.body.user.id, open.id],
  ])
  expect(rows).toEqual([{ user_id: open.id }])
  const letter = await newestLetter(open.email, 'password_reset')
  clock.advance(3601)
  expect(await post('/password/reset', { token: letter?.token, password: 'Marquee-2-new' })).toMatchObject({ status: 422 })
  clock.reset()
})

test('R-076: a new password needs the old one, ends all sign-ins and keeps this device signed in', async () => {
  const { email, access_token, refresh_token } = await member()
  const elsewhere = (await login(email)).body.refresh_token
  const change = (body: object, headers: object = bearer(access_token)) => post('/password/change', body, headers)
  expect(await change({ old_password: 'wrong', new_password: 'Marquee-2-new' })).toMatchObject({
    status: 422,
    body: { code: 'auth.wrong_password', errors: [{ pointer: '/old_password' }] },
  })
  expect(await change({ old_password: PASSWORD, new_password: 'alllowercase' })).toMatchObject({
    body: { code: 'auth.weak_password', errors: [{ pointer: '/new_password' }] },
  })
  expect(await change({ old_password: PASSWORD, new_password: 'Marquee-2-new' }, {})).toMatchObject({ status: 401 })
  const changed = await change({ old_password: PASSWORD, new_password: 'Marquee-2-new' })
  expect(changed).toMatchObject({ status: 200, body: { access_token: expect.any(String), user: { email } } })
  for (const token of [refresh_token, elsewhere]) expect((await post('/refresh', { refresh_token: token })).status).toBe(401)
  expect((await post('/refresh', { refresh_token: changed.body.refresh_token })).status).toBe(200)
  expect((await login(email)).status).toBe(401)
  await mailbox.expect(email, 'password_changed')
})

test('R-073 … R-075: /accounts and /auth are two doors of one house', async () => {
  const { email, refresh_token } = await member()
  const refreshed = await anonymous.post('/api/v1/auth/refresh', { refresh_token })
  expect(refreshed.status).toBe(200)
  const again = await login(email)
  expect(await post('/logout', {}, bearer(again.body.access_token))).toMatchObject({ status: 204 })
  expect((await post('/refresh', { refresh_token: again.body.refresh_token })).status).toBe(401)
})

test('R-170: the most common passwords are refused, however they are written', async () => {
  for (const password of ['P@ssw0rd', 'MailCreated5240'])
    expect(await post('/register', { email: 'common@example.org', password })).toMatchObject({
      status: 422,
      body: { code: 'auth.common_password', errors: [{ pointer: '/password' }] },
    })
  for (const password of ['short-1A', 'a long evening at the cinema'])
    expect((await post('/register', { email: `${password.length}@example.org`, password })).status).toBe(201)
})

test('a blocked account is opened by no link, and bad requests are refused with the field', async () => {
  const { email, registered } = await newcomer()
  const letter = await newestLetter(email, 'activation')
  const blocked = db.updateTable('users').set({ activated_at: new Date() }).where('id', '=', registered.body.user.id)
  await blocked.execute()
  expect(await post('/activate', { token: letter?.token })).toMatchObject({ status: 422, body: { code: 'auth.invalid_link' } })
  expect(await login(email)).toMatchObject({ status: 403, body: { code: 'auth.blocked' } })
  expect(await post('/activate', {})).toMatchObject({ status: 422, body: { errors: [{ pointer: '/token' }] } })
  expect(await post('/activate/resend', { email: 'nobody' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/email' }] },
  })
})

test('an account moves to a new address once the mail there was opened, and the old address is told each time', async () => {
  const { email, id, access_token } = await member()
  const wanted = `moved-${email}`
  const ask = (body: object) => anonymous.post('/api/v1/users/me/email', body, bearer(access_token))
  expect(await ask({ email: wanted, password: 'wrong' })).toMatchObject({ status: 422, body: { code: 'auth.wrong_password' } })
  expect(await ask({ email, password: PASSWORD })).toMatchObject({ status: 422, body: { code: 'auth.same_email' } })
  const asked = await ask({ email: wanted.toUpperCase(), password: PASSWORD })
  expect(asked.status).toBe(202)
  expect((await anonymous.get('/api/v1/users/me', undefined, bearer(access_token))).body.email).toBe(email)
  const [[letter], [notice]] = await Promise.all([
    mailbox.expect(wanted, 'email_change'),
    mailbox.expect(email, 'email_change_asked'),
  ])
  expect(notice?.text).toContain(wanted)
  expect(letter?.text).toContain('/account/email?token=')
  const confirm = () => post('/email/confirm', { token: letter?.token })
  expect(await confirm()).toMatchObject({ status: 200, body: { email: wanted, is_verified: true } })
  expect(await confirm()).toMatchObject({ status: 422, body: { code: 'auth.invalid_link' } })
  const [changed] = await mailbox.expect(email, 'email_changed')
  expect(changed?.text).toContain(wanted)
  expect((await login(email)).status).toBe(401)
  expect((await login(wanted)).body.user.id).toBe(id)
})

test('an address that somebody else has is answered in the same words and written nothing; taken meanwhile, it stays theirs', async () => {
  const [mover, owner] = [await member(), await member()]
  const ask = (email: string) =>
    anonymous.post('/api/v1/users/me/email', { email, password: PASSWORD }, bearer(mover.access_token))
  const free = 'free-for-now@example.org'
  const [taken, open] = [await ask(owner.email), await ask(free)]
  expect([taken.status, taken.body]).toEqual([open.status, open.body])
  const { rows } = await pool.query(`select email from account_tokens where user_id = $1 and kind = 'email_change'`, [mover.id])
  expect(rows).toEqual([{ email: free }])
  const [letter] = await mailbox.expect(free, 'email_change')
  expect((await post('/register', { email: free, password: PASSWORD })).status).toBe(201)
  expect(await post('/email/confirm', { token: letter?.token })).toMatchObject({
    status: 409,
    body: { code: 'auth.email_taken' },
  })
  expect(mailbox.find(owner.email, 'email_change')).toEqual([])
})

test('whoever closes an account is signed out everywhere, and opens it again by a link, which nobody can who was blocked', async () => {
  const { email, id, access_token, refresh_token } = await member()
  const close = (password: string) => anonymous.post('/api/v1/users/me/deactivate', { password }, bearer(access_token))
  expect(await close('wrong')).toMatchObject({ status: 422, body: { code: 'auth.wrong_password' } })
  expect((await close(PASSWORD)).status).toBe(204)
  expect((await post('/refresh', { refresh_token })).status).toBe(401)
  expect(await login(email)).toMatchObject({ status: 403, body: { code: 'auth.deactivated' } })
  await mailbox.expect(email, 'deactivated')
  await app.accounts.sendLink({ kind: 'activation', email })
  const letter = await newestLetter(email, 'activation')
  expect((await post('/activate', { token: letter?.token })).status).toBe(200)
  expect((await login(email)).status).toBe(200)

  await db.updateTable('users').set({ is_active: false }).where('id', '=', id).execute()
  await app.accounts.sendLink({ kind: 'activation', email })
  expect((await pool.query('select from account_tokens where user_id = $1', [id])).rowCount).toBe(0)
})

test('consent to be written to is asked, kept with its moment, and can be taken back', async () => {
  const { body } = await post('/register', { email: 'consent@example.org', password: PASSWORD, marketing_consent: true })
  expect(body.user.marketing_consent).toBe(true)
  const { id, access_token } = await member()
  const since = async () =>
    (await db.selectFrom('users').select('marketing_consent_at as at').where('id', '=', id).executeTakeFirstOrThrow()).at
  const say = (marketing_consent: boolean) => anonymous.patch('/api/v1/users/me', { marketing_consent }, bearer(access_token))
  expect(await since()).toBeNull()
  expect(await say(true)).toMatchObject({ status: 200, body: { marketing_consent: true } })
  const agreed = await since()
  clock.advance(60)
  await say(true)
  expect(await since()).toEqual(agreed)
  expect(await say(false)).toMatchObject({ body: { marketing_consent: false } })
  expect(await since()).not.toEqual(agreed)
  clock.reset()
})

test('R-133: tokens, tries and places are forgotten when their time is over, and accounts that nobody activated', async () => {
  const [waiting, open] = [await newcomer(), await member()]
  await app.accounts.sendLink({ kind: 'password_reset', email: open.email })
  const count = async () => {
    const { rows } = await pool.query(`
      select (select count(*) from account_tokens) as links, (select count(*) from refresh_tokens) as sign_ins,
             (select count(*) from known_places) as places, (select count(*) from users where activated_at is null) as waiting`)
    return rows[0]
  }
  const before = await count()
  await app.accounts.forgetExpired()
  expect(await count()).toEqual(before)
  clock.advance(8 * 86_400)
  await app.accounts.forgetExpired()
  expect(await count()).toMatchObject({ links: 0, sign_ins: before.sign_ins, places: before.places, waiting: 0 })
  clock.advance(400 * 86_400)
  await app.accounts.forgetExpired()
  expect(await count()).toMatchObject({ sign_ins: 0, places: 0 })
  clock.reset()
  expect((await post('/register', { email: waiting.email, password: PASSWORD })).status).toBe(201)
  expect((await login(open.email)).status).toBe(200)
})
