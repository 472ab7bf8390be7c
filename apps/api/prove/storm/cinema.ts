import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createTokens } from '#modules/auth/tokens.ts'
import { createGuestsService } from '#modules/guests/service.ts'
import { systemClock } from '#platform/clock.ts'
import { createDb } from '#platform/db/kysely.ts'
import { loadKeys } from '#platform/keys.ts'
import { openTestDatabase } from '#testing/database.ts'
import { createFactories, signInOf } from '#testing/factories.ts'
import { startApiProcess } from '../lib/api-process.ts'
import { createHttp } from '../lib/http.ts'

/** How the server proves who somebody is: the headers they send. */
export type Person = Record<string, string>

const SESSION_SECONDS = 3_600

/** A database, processes that serve it, and people who want seats: half of them with an account. */
export const openCinema = async ({ processes, env }: { processes: number; env: Record<string, string> }) => {
  const directory = mkdtempSync(join(tmpdir(), 'marquee-storm-'))
  const database = await openTestDatabase(5)
  const db = createDb(database.pool)
  const given = createFactories({ db })
  const certs = join(directory, 'certs')
  const keys = loadKeys({ CERTS_DIR: certs, NODE_ENV: 'test', MOCK_WEBHOOK_SECRETS: [] })
  const tokens = createTokens({ keys: keys.tokens, clock: systemClock, lifetimeSeconds: SESSION_SECONDS })
  const guests = createGuestsService({ db })
  const http = createHttp()
  const settings = { DATABASE_URL: database.url, CERTS_DIR: certs, DATA_DIR: join(directory, 'data'), ...env }
  const servers = await Promise.all(Array.from({ length: processes }, () => startApiProcess(settings)))

  const visitor = async (): Promise<Person> => ({ 'x-guest-token': (await guests.create()).token })
  const customer = async (): Promise<Person> => {
    const { id } = await given.user()
    return { authorization: `Bearer ${await tokens.sign({ id, role: 'customer', sign_in: signInOf(id) })}` }
  }

  const staff = async (): Promise<Person> => {
    const { id } = await given.user({ role: 'cashier' })
    return { authorization: `Bearer ${await tokens.sign({ id, role: 'cashier', sign_in: signInOf(id) })}` }
  }
  const cashier = await staff()

  return {
    db,
    pool: database.pool,
    /** Works at every counter. */
    cashier,
    given,
    people: (count: number) =>
      Promise.all(Array.from({ length: count }, (_, index) => (index % 2 === 0 ? visitor() : customer()))),
    /** Each person keeps to one process. */
    call: (who: number, person: Person, method: string, path: string, body?: object, headers: Person = {}) =>
      http.call(servers[who % servers.length]?.origin ?? '', method, `/api/v1${path}`, { ...person, ...headers }, body),
    errors: () => servers.flatMap((server) => server.errors()),
    close: async (): Promise<(number | null)[]> => {
      http.close()
      const codes = await Promise.all(servers.map((server) => server.stop()))
      await database.close()
      rmSync(directory, { recursive: true, force: true })
      return codes
    },
  }
}
export type Cinema = Awaited<ReturnType<typeof openCinema>>
