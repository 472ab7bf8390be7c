import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { signInOf } from '#testing/factories.ts'

const folder = mkdtempSync(join(tmpdir(), 'marquee-identities-'))
const file = join(folder, 'providers.json')
const provider = { name: 'library', label: 'The town’s library', issuer: 'http://127.0.0.1:9', client_id: 'marquee' }
writeFileSync(file, JSON.stringify([provider]))
const { anonymous, as, db, clock, given, tokens } = await startTestApp({ config: { OIDC_PROVIDERS_FILE: file } })
afterEach(clock.reset)
afterAll(() => rmSync(folder, { recursive: true }))

const MINE = '/api/v1/users/me/identities'
const LAST = { status: 409, body: { code: 'auth.last_way_in' } }

let serial = 0
const identityOf = async (user_id: number, of = 'library') => {
  serial += 1
  const identity = { user_id, provider: of, subject: `reader-${serial}`, email: `reader-${serial}@example.org` }
  return db.insertInto('user_identities').values(identity).returning(['id', 'email']).executeTakeFirstOrThrow()
}
const passkeyOf = async (user_id: number) => {
  serial += 1
  const passkey = { user_id, credential_id: `key-${serial}`, public_key: 'none', name: 'Blue key' }
  return db.insertInto('passkeys').values(passkey).returning('id').executeTakeFirstOrThrow()
}
/** Somebody who has signed in just now; of a password nothing is known unless there is one. */
const person = async (hashed_password = '!') => {
  const { id } = await given.user()
  await db.updateTable('users').set({ hashed_password }).where('id', '=', id).execute()
  const token = await tokens.sign({ id, role: 'customer', sign_in: signInOf(id) })
  const headers = { authorization: `Bearer ${token}` }
  return {
    id,
    list: () => anonymous.get(MINE, undefined, headers),
    remove: (identity: number) => anonymous.delete(`${MINE}/${identity}`, undefined, headers),
    removePasskey: (passkey: number) => anonymous.delete(`/api/v1/users/me/passkeys/${passkey}`, undefined, headers),
  }
}
const HASHED = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$c29tZWhhc2g'

test('R-203: a person sees the accounts elsewhere that open theirs, and takes one off; it is told and written down', async () => {
  const { id, list, remove } = await person(HASHED)
  const { id: mine, email } = await identityOf(id)
  const { status, body } = await list()
  expect(status).toBe(200)
  expect(body.items).toEqual([
    {
      id: mine,
      provider: 'library',
      label: 'The town’s library',
      email,
      created_at: expect.any(String),
      last_used_at: expect.any(String),
    },
  ])
  expect((await remove(mine)).status).toBe(204)
  expect((await list()).body.items).toEqual([])
  expect(await remove(mine)).toMatchObject({ status: 404, body: { code: 'auth.not_found' } })
  const entry = await db.selectFrom('audit_log').selectAll().where('action', '=', 'auth.factor_removed').execute()
  expect(entry).toMatchObject([
    { actor: `u:${id}`, object_kind: 'users', object_id: String(id), after: { factor: 'oidc', provider: 'library' } },
  ])
})

test('what is somebody else’s is not there, and a sign-in of this morning takes nothing off', async () => {
  const [one, other] = [await person(HASHED), await person(HASHED)]
  const { id } = await identityOf(one.id)
  expect(await other.remove(id)).toMatchObject({ status: 404, body: { code: 'auth.not_found' } })
  expect((await other.list()).body.items).toEqual([])
  expect((await anonymous.get(MINE)).status).toBe(401)
  expect((await (await as('customer')).delete(`${MINE}/none`)).status).toBe(422)
  clock.advance(601)
  expect(await one.remove(id)).toMatchObject({ status: 403, body: { code: 'auth.sign_in_again' } })
})

test('the last way to sign in stays: an account elsewhere, a passkey, or neither of two that go at once', async () => {
  const alone = await person()
  const { id } = await identityOf(alone.id)
  expect(await alone.remove(id)).toMatchObject(LAST)
  // An account at a provider whom nobody asks here any more opens nothing.
  const { id: old } = await identityOf(alone.id, 'closed-library')
  expect(await alone.remove(id)).toMatchObject(LAST)
  expect((await alone.remove(old)).status).toBe(204)
  const key = await passkeyOf(alone.id)
  expect((await alone.remove(id)).status).toBe(204)
  expect(await alone.removePasskey(key.id)).toMatchObject(LAST)

  for (let round = 1; round <= 5; round += 1) {
    const both = await person()
    const [account, passkey] = [await identityOf(both.id), await passkeyOf(both.id)]
    const replies = await Promise.all([both.remove(account.id), both.removePasskey(passkey.id)])
    expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 409])
  }
})
