import { Value } from 'typebox/value'

import type { Clock } from '#platform/clock.ts'
import { isProviderRefused, isProviderUnavailable, providerUnavailable, webhookMalformed } from '../../errors.ts'
import type { PaymentProvider } from '../provider.ts'
import { type Faults, misbehave } from './faults.ts'
import type { MockLedger } from './ledger.ts'
import { PAGE, toPage, toRefund } from './movements.ts'
import { type Operation, WebhookBody } from './schemas.ts'
import { SIGNATURE_HEADER, verifyWebhook } from './signature.ts'

export const MOCK_PROVIDER_NAME = 'mock'

type Reading = { secrets: readonly string[]; clock: Clock }

const parseJson = (raw: Buffer): unknown => {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

export const createReadWebhook =
  ({ secrets, clock }: Reading): PaymentProvider['readWebhook'] =>
  (raw, headers) => {
    verifyWebhook({ secrets, raw, header: headers[SIGNATURE_HEADER.toLowerCase()], now: clock.now() })
    const body = parseJson(raw)
    if (!Value.Check(WebhookBody, body)) throw webhookMalformed()
    const { id, type, data } = body
    return { id, type, payment_id: data.payment_id, reference: data.reference }
  }

/** The ledger in this process behind the port. When its database fails, the outcome is unknown, as with any provider. */
export const createMockProvider = ({
  ledger,
  faults,
  ...reading
}: Reading & { ledger: MockLedger; faults?: Faults }): PaymentProvider => {
  const call = async <T>(operation: Operation, effect: () => Promise<T>): Promise<T> => {
    try {
      return await misbehave(faults?.forCall(operation), effect)
    } catch (error) {
      if (isProviderRefused(error) || isProviderUnavailable(error)) throw error
      throw Object.assign(providerUnavailable('The mock provider failed.'), { cause: error })
    }
  }
  return {
    name: MOCK_PROVIDER_NAME,
    publishable_key: null,
    charge: (request) => call('charge', () => ledger.charge(request)),
    confirm: (reference, card_token) => call('confirm', () => ledger.confirm(reference, card_token)),
    find: ({ payment_id }) => call('find', () => ledger.find(payment_id)),
    cancel: (reference) => call('cancel', () => ledger.cancel(reference)),
    refund: (request) => call('refund', async () => toRefund(await ledger.refund(request))),
    list: ({ from, to, cursor }) =>
      call('find', async () => toPage(await ledger.journal(Number(cursor ?? 0), PAGE, { from, to }))),
    readWebhook: createReadWebhook(reading),
  }
}
