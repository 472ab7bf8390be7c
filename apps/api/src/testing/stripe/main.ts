import { createLocalStripe } from './server.ts'

/** The local Stripe as a process of its own, for tests that kill the server beside it. */
const { STRIPE_SECRET_KEY = '', STRIPE_WEBHOOK_SECRETS = '', STRIPE_TARGET_URL = '', STRIPE_ASYNC_MS = '500' } = process.env

const stripe = createLocalStripe({
  secretKey: STRIPE_SECRET_KEY,
  webhookSecrets: STRIPE_WEBHOOK_SECRETS.split(',').filter(Boolean),
  target: `${STRIPE_TARGET_URL}/api/v1/payments/webhook`,
  async_ms: Number(STRIPE_ASYNC_MS),
})
const listening = await stripe.app.listen({ host: '127.0.0.1', port: 0 })
process.once('SIGTERM', () => void stripe.close())
process.stdout.write(`${JSON.stringify({ listening })}\n`)
