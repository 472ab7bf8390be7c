import { hash as bcrypt } from '@node-rs/bcrypt'
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, db, given, pool } = await startTestApp()

const LOGIN = '/api/v1/auth/login'
const WRONG = { status: 401, body: { code: 'auth.wrong_credentials' } }
/** Of the test vectors of crypt_blowfish. */
const KNOWN = { password: 'U*U', hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' }

const personWith = async (hashed_password: string) => {
  const { id, email } = await given.user()
  await db.updateTable('users').set({ hashed_password }).where('id', '=', id).execute()
  const stored = async () => {
    const { hashed_password: now } = await db
      .selectFrom('users')
      .select('hashed_password')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return now
  }
  return { id, signIn: (password: string) => anonymous.post(LOGIN, { email, password }), stored }
}

test('R-200: who comes with a bcrypt hash signs in with the old password, and has an Argon2id hash from then on', async () => {
  const { signIn, stored } = await personWith(KNOWN.hash)
  expect(await signIn('u*u')).toMatchObject(WRONG)
  expect(await stored()).toBe(KNOWN.hash)
  expect((await signIn(KNOWN.password)).status).toBe(200)
  const renewed = await stored()
  expect(renewed).toMatch(/^\$argon2id\$/)
  expect((await signIn(KNOWN.password)).status).toBe(200)
  expect(await stored()).toBe(renewed)
  expect(await signIn('u*u')).toMatchObject(WRONG)
})

test.each(['2a', '2b', '2y'])('R-200: bcrypt hashes of the kind %s count, at the usual cost', async (kind) => {
  const { signIn, stored } = await personWith((await bcrypt('Стара-7-пісня', { cost: 12 })).replace('$2b', `$${kind}`))
  expect((await signIn('Стара-7-пісня')).status).toBe(200)
  expect(await stored()).toMatch(/^\$argon2id\$/)
})

test('R-200: of many who sign in at once with a bcrypt hash all get in, and the hash is replaced once', async () => {
  const { signIn, stored } = await personWith(KNOWN.hash)
  const replies = await Promise.all(Array.from({ length: 6 }, () => signIn(KNOWN.password)))
  expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200))
  expect(await stored()).toMatch(/^\$argon2id\$/)
})

const quickest = async (signIn: (password: string) => Promise<{ status: number }>, password: string) => {
  const took: number[] = []
  for (let time = 0; time < 2; time += 1) {
    const started = performance.now()
    expect(await signIn(password)).toMatchObject(WRONG)
    took.push(performance.now() - started)
  }
  return Math.min(...took)
}

test.each([15, 31])('a hash that would take longer than anybody may wait (cost %i) fits nothing, at once', async (cost) => {
  const usual = await personWith(await bcrypt('of a usual cost', { cost: 12 }))
  const { signIn, stored } = await personWith(KNOWN.hash.replace('$05', `$${cost}`))
  const usual_ms = await quickest(usual.signIn, 'another')
  // Cost 15 would take eight times as long.
  expect((await quickest(signIn, KNOWN.password)) / usual_ms).toBeLessThan(2)
  expect(await stored()).toContain(`$${cost}$`)
})

test('a password that is changed while somebody signs in with it opens nothing', async () => {
  const { id, signIn, stored } = await personWith(KNOWN.hash)
  expect((await signIn(KNOWN.password)).status).toBe(200)
  const [holder, watcher] = [await pool.connect(), await pool.connect()]
  try {
    // The change is not committed yet: who signs in has read the old hash and waits behind it, to count the try.
    await holder.query('begin')
    await holder.query(`update users set hashed_password = $2 where id = $1`, [id, await bcrypt('Another-8-word', { cost: 4 })])
    const late = signIn(KNOWN.password)
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike '%failed_login_count%'`
    await expect.poll(async () => (await watcher.query(waiting)).rowCount, { timeout: 2_000 }).toBe(1)
    await holder.query(`update refresh_tokens set revoked_at = app.now() where user_id = $1`, [id])
    await holder.query('commit')
    expect(await late).toMatchObject(WRONG)
  } finally {
    holder.release()
    watcher.release()
  }
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from refresh_tokens where user_id = ${id} and revoked_at is null`.execute(db)
  expect(rows).toEqual([{ open: 0 }])
  expect(await stored()).toMatch(/^\$2b\$/)
})
