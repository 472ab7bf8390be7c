import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createTokens } from '#modules/auth/tokens.ts'
import { systemClock } from '#platform/clock.ts'
import { createDb } from '#platform/db/kysely.ts'
import { openServer } from '#platform/db/pool.ts'
import { loadKeys } from '#platform/keys.ts'
import { createTestDatabase } from '#testing/database.ts'
import { createFactories, signInOf } from '#testing/factories.ts'
import { createCaller, freePort, type Running, startBank, startLocalStripe, startServer } from '#testing/processes.ts'

const SECRET = 'shared by the bank and the cinema'
const A_DAY = 86_400

/** A directory for keys and data, and access tokens of whoever a test needs, valid at every process that uses it. */
export const createIdentities = () => {
  const directory = mkdtempSync(join(tmpdir(), 'marquee-faults-'))
  const certs = join(directory, 'certs')
  const { tokens: keys } = loadKeys({ CERTS_DIR: certs, NODE_ENV: 'test', MOCK_WEBHOOK_SECRETS: [SECRET] })
  const tokens = createTokens({ keys, clock: systemClock, lifetimeSeconds: A_DAY })
  const identify = async (id: number, role: 'customer' | 'manager' = 'customer') => ({
    authorization: `Bearer ${await tokens.sign({ id, role, sign_in: signInOf(id) })}`,
  })
  return { directory, certs, identify, forget: () => rmSync(directory, { recursive: true, force: true }) }
}

type Fault = { kind: string; operation?: string; count: number; ms?: number } | { webhooks: string; count: number; ms?: number }
type JournalLine = { id: number; idempotency_key: string; payment_id: number; kind: 'charge' | 'refund'; amount_minor: number }

/** The bank as a person at its desk sees it: its journal, and a switchboard for misbehaviour. */
const createDesk = (url: string) => {
  const desk = createCaller(url)
  return {
    order: (fault: Fault) => desk.post('/faults', fault),
    struck: async (): Promise<Record<string, number>> => (await desk.get('/faults')).body.struck,
    behave: () => desk.delete('/faults'),
    journal: async (after = 0, limit = 10_000): Promise<JournalLine[]> =>
      (await desk.get(`/journal?after=${after}&limit=${limit}`)).body.items,
    /** What the buyer does in the provider's own form. */
    payInBrowser: async (reference: string, card: string) => (await desk.post('/browser', { reference, card })).body,
  }
}

const STRIPE = { STRIPE_SECRET_KEY: 'sk_test_of_the_proof', STRIPE_WEBHOOK_SECRETS: 'whsec_of_the_proof_0123' }

/** Starts a bank, and says how the servers reach it. */
const banks = {
  mock: async (MOCK_DATABASE_URL: string, MOCK_TARGET_URL: string) => {
    const bank = await startBank({ MOCK_DATABASE_URL, MOCK_TARGET_URL, MOCK_WEBHOOK_SECRETS: SECRET })
    return { bank, settings: { MOCK_PROVIDER_URL: bank.url, MOCK_WEBHOOK_SECRETS: SECRET } as Record<string, string> }
  },
  stripe: async (_database: string, STRIPE_TARGET_URL: string) => {
    const bank = await startLocalStripe({ ...STRIPE, STRIPE_TARGET_URL })
    const keys = { ...STRIPE, STRIPE_PUBLISHABLE_KEY: 'pk_test_of_the_proof', STRIPE_API_URL: bank.url }
    return { bank, settings: { PAYMENT_PROVIDER: 'stripe', ...keys } as Record<string, string> }
  },
}
type Wish = { servers?: number; env?: Record<string, string>; provider?: keyof typeof banks }

/** Several processes of the server on one PostgreSQL, and the bank as a process with a database of its own. */
export const openWorld = async ({ servers: count = 2, env = {}, provider = 'mock' }: Wish = {}) => {
  const identities = createIdentities()
  const [ours, theirs] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const port = await freePort()
  const { bank, settings } = await banks[provider](theirs.url, `http://127.0.0.1:${port}`)
  const common = {
    DATABASE_URL: ours.url,
    CERTS_DIR: identities.certs,
    DATA_DIR: join(identities.directory, 'data'),
    ...settings,
    SWEEP_SECONDS: '1',
    ...env,
  }
  const launch = (extra: Record<string, string> = {}) => startServer({ ...common, ...extra })
  const servers: Running[] = await Promise.all(
    Array.from({ length: count }, (_, index) => launch(index === 0 ? { PORT: String(port) } : {})),
  )
  const { pool, close } = openServer({ url: ours.url, size: 5, applicationName: 'marquee-faults' })
  const db = createDb(pool)
  const given = createFactories({ db })

  return {
    db,
    pool,
    given,
    secret: SECRET,
    bank: createDesk(bank.url),
    servers,
    launch,
    /** Somebody new, who speaks to any of the processes. */
    someone: async () => {
      const { id } = await given.user()
      const identity = await identities.identify(id)
      return Object.assign((server: Running | undefined) => createCaller(server?.url ?? '', identity), { id })
    },
    close: async () => {
      await Promise.all([...servers, bank].map((process) => process.stop()))
      await close()
      await Promise.all([ours.drop(), theirs.drop()])
      identities.forget()
    },
  }
}
