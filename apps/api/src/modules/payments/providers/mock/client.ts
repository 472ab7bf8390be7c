import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'

import type { Clock } from '#platform/clock.ts'
import { providerRefused, providerUnavailable } from '../../errors.ts'
import type { PaymentProvider } from '../provider.ts'
import { PAGE, toPage, toRefund } from './movements.ts'
import { createReadWebhook, MOCK_PROVIDER_NAME } from './provider.ts'
import { Intent, Intents, Journal, Problem, Refund } from './schemas.ts'

type Options = {
  url: string
  secrets: readonly string[]
  clock: Clock
  timeoutMs?: number
  key?: string | undefined
}

const TIMEOUT_MS = 10_000
const TOO_MANY = 429

type Answer = { status: number; body: unknown }

const unavailable = (detail: string, cause?: unknown) => Object.assign(providerUnavailable(detail), { cause })

/** Only a refusal in the provider's own words says that nothing happened; a proxy's 404 says nothing. */
const understand = <T extends TSchema>(schema: T, { status, body }: Answer): Static<T> => {
  if (status === 200 && Value.Check(schema, body)) return body
  if (status >= 400 && status < 500 && status !== TOO_MANY && Value.Check(Problem, body)) throw providerRefused(body.code)
  throw unavailable(`The mock provider answered ${status}.`)
}

const intentPath = (reference: string, action: string) => `/intents/${encodeURIComponent(reference)}/${action}`

/** The mock provider in another process behind the port. */
export const createHttpMockProvider = ({ url, secrets, clock, timeoutMs = TIMEOUT_MS, key }: Options): PaymentProvider => {
  const base = url.replace(/\/$/, '')

  const request = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> => {
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    }
    const init = {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }
    try {
      const response = await fetch(base + path, init)
      return { status: response.status, body: await response.json() }
    } catch (error) {
      throw unavailable('The mock provider did not answer.', error)
    }
  }

  return {
    name: MOCK_PROVIDER_NAME,
    publishable_key: null,
    charge: async ({ created_at: _, ...charge }) => understand(Intent, await request('POST', '/intents', charge)),
    confirm: async (reference, card_token) =>
      understand(Intent, await request('POST', intentPath(reference, 'confirm'), { card_token })),
    find: async ({ payment_id }) =>
      understand(Intents, await request('GET', `/intents?payment_id=${payment_id}`)).items[0] ?? null,
    cancel: async (reference) => understand(Intent, await request('POST', intentPath(reference, 'cancel'))),
    refund: async ({ refund_reference: _, ...refund }) => toRefund(understand(Refund, await request('POST', '/refunds', refund))),
    list: async ({ from, to, cursor }) => {
      const query = new URLSearchParams({
        after: cursor ?? '0',
        limit: String(PAGE),
        from: from.toISOString(),
        to: to.toISOString(),
      })
      return toPage(understand(Journal, await request('GET', `/journal?${query.toString()}`)).items)
    },
    readWebhook: createReadWebhook({ secrets, clock }),
  }
}
