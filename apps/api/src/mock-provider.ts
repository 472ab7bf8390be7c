import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

import { installMockProvider } from '#modules/payments/providers/mock/database.ts'
import { createFaults } from '#modules/payments/providers/mock/faults.ts'
import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { buildMockProviderServer } from '#modules/payments/providers/mock/server.ts'
import { createWebhookPump } from '#modules/payments/providers/mock/webhooks.ts'
import { systemClock } from '#platform/clock.ts'
import { configError } from '#platform/config.ts'
import { openServer } from '#platform/db/pool.ts'

/** The mock provider as a process of its own: its own database, its own port, webhooks to the process under test. */
const Environment = Type.Object({
  MOCK_DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  MOCK_HOST: Type.String({ default: '127.0.0.1' }),
  MOCK_PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 0 }),
  MOCK_TARGET_URL: Type.String({ pattern: '^https?://' }),
  MOCK_WEBHOOK_SECRETS: Type.String({ pattern: '^[^,]{16,}(,[^,]{16,})*$' }),
  MOCK_PROVIDER_KEY: Type.Optional(Type.String()),
  MOCK_SLOW_MS: Type.Integer({ minimum: 0, default: 3_000 }),
  MOCK_ASYNC_MS: Type.Integer({ minimum: 0, default: 1_000 }),
})

const POOL_SIZE = 10
const SHUTDOWN_MS = 15_000

const readEnvironment = (): Static<typeof Environment> => {
  if (process.env['NODE_ENV'] === 'production')
    throw configError('The mock provider is refused in production: it takes no real money.')
  const env = Value.Convert(Environment, Value.Default(Environment, Value.Clean(Environment, { ...process.env })))
  const [problem] = Value.Errors(Environment, env)
  if (problem) throw configError(`The mock provider cannot start: ${problem.instancePath || 'a variable'} ${problem.message}.`)
  return env as Static<typeof Environment>
}

const report = (error: unknown) => void process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)

const start = async () => {
  const env = readEnvironment()
  const database = openServer({ url: env.MOCK_DATABASE_URL, size: POOL_SIZE, applicationName: 'mock-provider' })
  database.pool.on('error', report)
  // A connection may break while nobody waits on it; whoever uses it next is told by its query.
  database.pool.on('connect', (client) => client.on('error', () => undefined))
  await installMockProvider(database.pool)
  const ledger = createMockLedger({ pool: database.pool, slow_ms: env.MOCK_SLOW_MS, async_ms: env.MOCK_ASYNC_MS })
  const faults = createFaults()
  const secrets = env.MOCK_WEBHOOK_SECRETS.split(',').map((secret) => secret.trim())
  const publicUrl = env.MOCK_TARGET_URL.replace(/\/$/, '')
  const pump = createWebhookPump({ ledger, publicUrl, secrets, clock: systemClock, faults, onError: report })
  const server = buildMockProviderServer({ ledger, faults, key: env.MOCK_PROVIDER_KEY, onError: report })
  const listening = await server.listen({ host: env.MOCK_HOST, port: env.MOCK_PORT })
  pump.start()

  const close = async () => {
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref()
    await Promise.all([server.close(), pump.stop()])
    await database.close()
  }
  process.once('SIGTERM', () => void close().catch(report))
  process.once('SIGINT', () => void close().catch(report))
  process.stdout.write(`${JSON.stringify({ listening })}\n`)
}

await start()
