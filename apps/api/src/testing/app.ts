import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { InjectOptions } from 'fastify'
import { afterAll, onTestFinished, TestRunner } from 'vitest'

import { createApp } from '#app'
import { type Config, loadConfig } from '#platform/config.ts'
import type { Role } from '#platform/http/access.ts'
import { loadKeys } from '#platform/keys.ts'
import { createLog } from '#platform/log.ts'
import { createTestClock } from './clock.ts'
import { openTestDatabase } from './database.ts'
import { createFactories, signInOf } from './factories.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- a test says with its expectations what a body is
export type Reply = { status: number; body: any; headers: Record<string, unknown> }
type Options = { config?: Partial<Config>; poolSize?: number }
type Headers = Record<string, string>

/** Calls the API as one person: HTTP in, a plain reply out. */
const createClient = (server: Awaited<ReturnType<typeof createApp>>['server'], identity: Headers) => {
  const call =
    (method: InjectOptions['method']) =>
    async (url: string, payload?: unknown, headers: Headers = {}): Promise<Reply> => {
      const reply = await server.inject({
        method,
        url,
        headers: { ...identity, ...headers },
        ...(payload === undefined ? {} : { payload: payload as object }),
      } as InjectOptions)
      const text = reply.body
      const isJson = reply.headers['content-type']?.includes('json') ?? false
      return { status: reply.statusCode, body: isJson && text ? JSON.parse(text) : text, headers: reply.headers }
    }
  return {
    headers: identity,
    get: call('GET'),
    post: call('POST'),
    put: call('PUT'),
    patch: call('PATCH'),
    delete: call('DELETE'),
  }
}
export type Client = ReturnType<typeof createClient>

const build = async ({ config: overrides = {}, poolSize = 10 }: Options) => {
  const directory = mkdtempSync(join(tmpdir(), 'marquee-test-'))
  const database = await openTestDatabase(poolSize)
  const clock = createTestClock(database.pool)
  const base = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent',
    DATA_DIR: directory,
    CERTS_DIR: join(directory, 'certs'),
    WEB_DIR: join(directory, 'web'),
  })
  // Tests move the clock by hours; people should not have to sign in again for it.
  const config: Config = { ...base, ACCESS_TOKEN_SECONDS: 86_400, JOBS: false, ...overrides }
  const keys = loadKeys(config)
  const app = await createApp({ config, database, keys, log: createLog(config), clock })
  await app.open()
  const given = createFactories(app)
  const people = new Map<Role, Promise<Client>>()

  const asUser = async (role: Role, cinema_ids?: number[]) => {
    const user = await given.user({ role, ...(cinema_ids && { cinema_ids }) })
    const token = await app.tokens.sign({ id: user.id, role, sign_in: signInOf(user.id) })
    return Object.assign(createClient(app.server, { authorization: `Bearer ${token}` }), { id: user.id, email: user.email })
  }

  return {
    ...app,
    config,
    keys,
    pool: database.pool,
    database,
    clock,
    given,
    directory,
    anonymous: createClient(app.server, {}),
    /** The same person of a role each time. */
    as: async (role: Role) => {
      if (!people.has(role)) people.set(role, asUser(role))
      return people.get(role) as ReturnType<typeof asUser>
    },
    /** Somebody new each time; staff who work only at these cinemas, when some are named. */
    someone: (role: Role = 'customer', cinema_ids?: number[]) => asUser(role, cinema_ids),
    guest: async () => {
      const { guest_id, token } = await app.guests.create()
      return Object.assign(createClient(app.server, { 'x-guest-token': token }), { guest_id })
    },
    close: async () => {
      await app.close()
      await database.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
export type TestApp = Awaited<ReturnType<typeof build>>

/** A server on a database of its own, closed when the test ends that starts it, or the test file. */
export const startTestApp = async (options: Options = {}): Promise<TestApp> => {
  const app = await build(options)
  if (TestRunner.getCurrentTest()) onTestFinished(app.close)
  else afterAll(app.close)
  return app
}
