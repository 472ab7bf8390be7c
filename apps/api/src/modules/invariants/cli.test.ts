import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, expect, test } from 'vitest'

import { lockDirectory } from '#platform/db/directory-lock.ts'
import { createDb } from '#platform/db/kysely.ts'
import { openTestDatabase } from '#testing/database.ts'

/** Every command is a process of its own, and machines that test are busy. */
const PATIENCE_MS = 90_000

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'marquee-cli-'))
const database = await openTestDatabase(2)
const db = createDb(database.pool)
afterAll(async () => {
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})

const folders = { DATA_DIR: join(directory, 'data'), CERTS_DIR: join(directory, 'certs') }
const here = { ...folders, DATABASE_URL: database.url }

type Result = { code: number | null; said: string; complained: string }

/** Runs one command as an operator would, with nothing of this process's environment. */
const run = (args: string[], env: Record<string, string> = here, input = ''): Promise<Result> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { env })
    const result: Result = { code: null, said: '', complained: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (result.said += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (result.complained += text))
    child.on('close', (code) => resolve({ ...result, code }))
    child.stdin.end(input)
  })

test(
  'the demo is made by hand, passes the check, and a broken database fails it',
  async () => {
    expect(await run(['seed'])).toMatchObject({ code: 0, said: expect.stringContaining('Made the demo cinemas'), complained: '' })
    const sound = await run(['check:invariants', '--sweeper-ran', '--queue-drained'])
    expect(sound).toMatchObject({ code: 0, complained: '' })
    const books = await run(['reconcile'])
    expect(books).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^Compared [1-9]\d* movements at mock, .* 0 new differences\.$/m),
    })
    expect(sound.said).toMatch(/^✓ I7 .*\[0 violations, \d+ ms\]$/m)
    expect(sound.said).toMatch(/^16 invariants hold, 3 skipped, \d+ ms\.$/m)

    const { id } = await db.selectFrom('tickets').select('id').where('status', '=', 'paid').limit(1).executeTakeFirstOrThrow()
    await db.deleteFrom('seat_claims').where('ticket_id', '=', id).execute()
    const broken = await run(['check:invariants'])
    expect(broken).toMatchObject({ code: 1, complained: '' })
    expect(broken.said).toMatch(/^✗ I1 .*\[1 VIOLATION, \d+ ms\]$/m)
    expect(broken.said).toContain(`a paid ticket does not have its seat: {"ticket_id":${id},`)
    expect(broken.said).toMatch(/^– I7 .*\[SKIPPED: /m)
    expect(broken.said).toMatch(/^1 invariant violated \(I1\), /m)
  },
  PATIENCE_MS,
)

test(
  'an administrator is made with a good password from standard input or the environment, once',
  async () => {
    const make = (email: string, input: string, env = {}) => run(['create-admin', '--email', email], { ...here, ...env }, input)
    const password = 'Correct-horse-1'
    expect(await make('Boss@example.org', `${password}\n`)).toMatchObject({ code: 0, complained: '' })
    const refused = await Promise.all([
      make('boss@example.org', password),
      make('weak@example.org', 'no capitals\n'),
      make('no address', password),
      run(['remove-factors', '--email', 'nobody@example.org']),
    ])
    expect(refused).toMatchObject([
      { code: 1, complained: 'There is already an account with this e-mail.\n' },
      { code: 1, complained: expect.stringMatching(/^A password has upper and lower case letters.*\n$/) },
      { code: 1, complained: 'The email must match format "email".\n' },
      { code: 1, complained: 'Nobody has the e-mail nobody@example.org.\n' },
    ])
    expect(await make('second@example.org', '', { MARQUEE_ADMIN_PASSWORD: password })).toMatchObject({ code: 0 })
    const made = db
      .selectFrom('users')
      .select(['email', 'role', 'is_verified'])
      .where('email', 'like', '%@example.org')
      .orderBy('id')
    expect(await made.execute()).toEqual([
      { email: 'boss@example.org', role: 'admin', is_verified: true },
      { email: 'second@example.org', role: 'admin', is_verified: true },
    ])
    const { id: user_id } = await db
      .selectFrom('users')
      .select('id')
      .where('email', '=', 'second@example.org')
      .executeTakeFirstOrThrow()
    await db.insertInto('user_totp').values({ user_id, sealed_secret: 'lost' }).execute()
    expect(await run(['remove-factors', '--email', 'Second@example.org'])).toMatchObject({ code: 0, complained: '' })
    expect(await db.selectFrom('user_totp').select('user_id').execute()).toEqual([])
  },
  PATIENCE_MS,
)

test(
  'Q-30: who changes the key of access tokens is written into the audit log',
  async () => {
    expect(await run(['keys:rotate'])).toMatchObject({ code: 0, complained: '' })
    expect(await run(['keys:rotate', '--no-overlap'])).toMatchObject({ code: 0, complained: '' })
    const written = await db.selectFrom('audit_log').selectAll().where('action', '=', 'keys.rotated').orderBy('id').execute()
    const signers = written.map(({ object_id }) => object_id)
    expect(written).toMatchObject([
      { actor: 'operator', object_kind: 'token_keys', after: { signer: signers[0], overlap_seconds: 1500 } },
      { actor: 'operator', before: { signer: signers[0] }, after: { signer: signers[1], overlap_seconds: 0 } },
    ])
  },
  PATIENCE_MS,
)

test(
  'the OpenAPI document needs no database, and no variable changes it',
  async () => {
    const elsewhere = {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
      PUBLIC_URL: 'https://tickets.example.org',
      LOG_LEVEL: 'trace',
    }
    const [one, two] = await Promise.all([run(['openapi'], {}), run(['openapi'], { ...folders, ...elsewhere })])
    expect(one).toMatchObject({ code: 0, complained: '' })
    expect(two.said).toBe(one.said)
    const { openapi, paths } = JSON.parse(one.said) as { openapi: string; paths: object }
    expect(openapi).toBe('3.1.0')
    expect(Object.keys(paths)).toContain('/api/v1/tickets')
  },
  PATIENCE_MS,
)

test(
  'what an operator got wrong is one sentence, and nothing is made by accident',
  async () => {
    const busy = join(directory, 'busy')
    mkdirSync(join(busy, 'pg'), { recursive: true })
    const unlock = lockDirectory(busy)
    const wrong = await Promise.all([
      run(['check:invariants'], folders),
      run(['check:invariants'], { ...folders, DATA_DIR: busy }),
      run(['migrate'], { ...folders, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' }),
      run(['migrate'], { ...folders, DATABASE_URL: 'sqlite://here' }),
      run(['check:invariants'], { ...here, DATABASE_URL: database.url.replace(/[^/]+$/, 'template1') }),
    ])
    unlock()
    expect(wrong.map(({ code, complained }) => [code, complained])).toEqual([
      [1, `There is no database in DATA_DIR ${folders.DATA_DIR} yet, and DATABASE_URL names no other.\n`],
      [1, expect.stringMatching(new RegExp(`^DATA_DIR ${busy} is in use by process ${process.pid}\\..*\\n$`))],
      [1, expect.stringMatching(/^DATABASE_URL does not work: connect ECONNREFUSED .*\n$/)],
      [1, expect.stringMatching(/^DATABASE_URL is wrong: .*\n$/)],
      [
        1,
        expect.stringMatching(
          /^The database is not up to date \(relation "\w+" does not exist\)\. Run the command migrate first\.\n$/,
        ),
      ],
    ])
  },
  PATIENCE_MS,
)
