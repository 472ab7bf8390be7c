import { createHttpMockProvider } from '#modules/payments/providers/mock/client.ts'
import { createMockLedger } from '#modules/payments/providers/mock/ledger.ts'
import { createMockProvider } from '#modules/payments/providers/mock/provider.ts'
import { createWebhookPump } from '#modules/payments/providers/mock/webhooks.ts'
import type { PaymentProvider } from '#modules/payments/providers/provider.ts'
import { createStripeProvider } from '#modules/payments/providers/stripe/provider.ts'
import type { Clock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import type { Pool } from '#platform/db/pool.ts'
import type { Keys } from '#platform/keys.ts'
import type { Log } from '#platform/log.ts'

type Parts = { config: Config; keys: Keys; pool: Pool; clock: Clock; log: Log }
type Configured = { provider: PaymentProvider | undefined; start: () => void; stop: () => Promise<void> }

const nothing = { start: () => undefined, stop: async () => undefined }

const configureStripe = (config: Config, clock: Clock) =>
  createStripeProvider({
    secretKey: config.STRIPE_SECRET_KEY ?? '',
    publishableKey: config.STRIPE_PUBLISHABLE_KEY ?? '',
    webhookSecrets: config.STRIPE_WEBHOOK_SECRETS,
    returnUrl: config.PUBLIC_URL,
    apiUrl: config.STRIPE_API_URL,
    clock,
  })

/** Who takes the money, as configured: nobody, Stripe, the mock in its own process, or the mock inside this one. */
export const configureProvider = ({ config, keys, pool, clock, log }: Parts): Configured => {
  const secrets = keys.webhookSecrets
  if (config.PAYMENT_PROVIDER === 'none') return { provider: undefined, ...nothing }
  if (config.PAYMENT_PROVIDER === 'stripe') return { provider: configureStripe(config, clock), ...nothing }
  if (config.MOCK_PROVIDER_URL)
    return { provider: createHttpMockProvider({ url: config.MOCK_PROVIDER_URL, secrets, clock }), ...nothing }
  const ledger = createMockLedger({ pool })
  const pump = createWebhookPump({
    ledger,
    publicUrl: config.PUBLIC_URL,
    secrets,
    clock,
    onError: (error) => log.warn({ err: error }, 'mock webhook'),
  })
  return { provider: createMockProvider({ ledger, secrets, clock }), start: pump.start, stop: pump.stop }
}
