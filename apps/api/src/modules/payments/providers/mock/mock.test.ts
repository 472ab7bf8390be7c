import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { systemClock } from '#platform/clock.ts'
import { openTestDatabase } from '#testing/database.ts'
import { isProviderUnavailable } from '../../errors.ts'
import type { PaymentProvider, ProviderPayment } from '../provider.ts'
import { createHttpMockProvider } from './client.ts'
import { installMockProvider } from './database.ts'
import { createFaults } from './faults.ts'
import { createMockLedger } from './ledger.ts'
import { createMockProvider } from './provider.ts'
import type { CallFault, WebhookBody } from './schemas.ts'
import { buildMockProviderServer } from './server.ts'
import { createWebhookPump } from './webhooks.ts'

const SECRET = 'a secret of the tests'
const secrets = [SECRET]
const clock = systemClock

const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

type Database = { pool: pg.Pool; close: () => Promise<unknown> }

const openPglite = async (): Promise<Database> => {
  const pglite = await PGlite.create()
  const pool = new pg.Pool(Object.assign(createPgConfig(pglite), { max: 1, idleTimeoutMillis: 0 }))
  return { pool, close: () => pool.end().then(() => pglite.close()) }
}

const databases: [string, () => Promise<Database>][] = [
  ['the embedded database', openPglite],
  ['PostgreSQL', openTestDatabase],
]

let lastPayment = 0
const euros = (amount_minor: number, card_token?: string) => {
  lastPayment += 1
  return { payment_id: lastPayment, amount_minor, currency: 'EUR', created_at: new Date(), card_token }
}
const known = (payment_id: number) => ({ payment_id, amount_minor: 1, currency: 'EUR', created_at: new Date(), reference: null })
let lastRefund = 0
const nextRefund = () => (lastRefund += 1)
const refused = (code: string): unknown => expect.objectContaining({ name: 'ProviderRefused', code })
const tenTimes = <T>(call: () => Promise<T>) => Promise.all(Array.from({ length: 10 }, call))
const unavailable: unknown = expect.objectContaining({ name: 'ProviderUnavailable' })

type Received = { raw: Buffer; headers: IncomingHttpHeaders; body: WebhookBody }

/** Where Marquee would be: keeps what arrives and answers with the next status, 200 when none is left. */
const openSink = async (statuses: number[] = []) => {
  const received: Received[] = []
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const raw = await buffer(request)
    received.push({ raw, headers: request.headers, body: JSON.parse(raw.toString()) as WebhookBody })
    response.writeHead(statuses.shift() ?? 200).end('ok')
  }
  const sink = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  undo.push(async () => (sink.closeAllConnections(), sink.close()))
  const about = (reference: string) => received.filter(({ body }) => body.data.reference === reference)
  const types = (reference: string) => about(reference).map(({ body }) => body.type)
  return { url: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`, about, types }
}

describe.each(databases)('the mock provider on %s', (_name, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await Promise.all([installMockProvider(database.pool), installMockProvider(database.pool)])
  }, 60_000)
  afterAll(() => database.close())
  afterEach(() => database.pool.query('update mock_provider.webhooks set sent_at = now() where sent_at is null'))

  const openLedger = (options = {}) => createMockLedger({ pool: database.pool, slow_ms: 150, async_ms: 60, ...options })
  const journalOf = async (payment_id: number) =>
    (await openLedger().journal(0, 10_000)).filter((line) => line.payment_id === payment_id)
  const unsent = async () => (await database.pool.query('select from mock_provider.webhooks where sent_at is null')).rowCount
  const movements = async (payment_id: number) =>
    (await journalOf(payment_id)).map(({ kind, amount_minor }) => [kind, amount_minor])
  const startPump = (publicUrl: string, options = {}) => {
    const onError = vi.fn<(error: unknown) => void>()
    const pump = createWebhookPump({
      ledger: openLedger(),
      publicUrl,
      secrets,
      clock,
      poll_ms: 10,
      timeout_ms: 500,
      backoff_ms: 20,
      onError,
      ...options,
    })
    pump.start()
    undo.push(async () => (await pump.stop(), expect(onError).not.toHaveBeenCalled()))
    return pump
  }

  test('a card that pays is captured and journaled once, however often the charge is repeated', async () => {
    const ledger = openLedger()
    const charge = euros(1250, 'tok_ok')
    const first = await ledger.charge(charge)
    const again = await ledger.charge(charge)
    expect(first).toMatchObject({
      payment_id: charge.payment_id,
      status: 'succeeded',
      amount_minor: 1250,
      currency: 'EUR',
      failure_code: null,
    })
    expect(again).toEqual(first)
    expect(await ledger.find(charge.payment_id)).toEqual(first)
    expect(await journalOf(charge.payment_id)).toMatchObject([
      { idempotency_key: `payment-${charge.payment_id}`, kind: 'charge', amount_minor: 1250 },
    ])
  })

  test('the same payment with another amount or currency is refused', async () => {
    const ledger = openLedger()
    const charge = euros(1000)
    await ledger.charge(charge)
    await expect(ledger.charge({ ...charge, amount_minor: 1001 })).rejects.toEqual(refused('idempotency_mismatch'))
    await expect(ledger.charge({ ...charge, currency: 'USD' })).rejects.toEqual(refused('idempotency_mismatch'))
  })

  test.each(['insufficient_funds', 'card_declined', 'expired_card'])(
    'a card declined for %s says so, and another card may pay',
    async (code) => {
      const ledger = openLedger()
      const declined = await ledger.charge(euros(900, `tok_${code}`))
      expect(declined).toMatchObject({ status: 'failed', failure_code: code })
      expect(await movements(declined.payment_id)).toEqual([])
      expect(await ledger.confirm(declined.reference, 'tok_ok')).toMatchObject({ status: 'succeeded', failure_code: null })
      expect(await movements(declined.payment_id)).toEqual([['charge', 900]])
    },
  )

  test('an unknown card is refused and leaves no trace', async () => {
    const ledger = openLedger()
    const charge = euros(900, 'tok_stolen')
    await expect(ledger.charge(charge)).rejects.toEqual(refused('invalid_card_token'))
    expect(await ledger.find(charge.payment_id)).toBeNull()
    await expect(ledger.confirm('pi_unknown', 'tok_ok')).rejects.toEqual(refused('not_found'))
    await expect(ledger.charge(euros(0))).rejects.toEqual(refused('invalid_amount'))
  })

  test('calls that race with one id have one effect', async () => {
    const ledger = openLedger()
    const charge = euros(700)
    const charged = await tenTimes(() => ledger.charge(charge))
    const { reference } = await ledger.charge(charge)
    const confirmed = await tenTimes(() => ledger.confirm(reference, 'tok_ok'))
    const refund = { reference, refund_id: nextRefund(), amount_minor: 300 }
    const refunded = await tenTimes(() => ledger.refund(refund))

    for (const answers of [charged, confirmed, refunded]) expect(new Set(answers.map((one) => one.reference)).size).toBe(1)
    expect(await movements(charge.payment_id)).toEqual([
      ['charge', 700],
      ['refund', 300],
    ])
    expect(database.pool.totalCount).toBeGreaterThanOrEqual(database.pool.options.max === 1 ? 1 : 5)
  })

  test('cards that race for one payment take the money once', async () => {
    const ledger = openLedger()
    const { reference, payment_id } = await ledger.charge(euros(500))
    const cards = ['tok_ok', 'tok_card_declined', 'tok_async', 'tok_ok', 'tok_slow']
    const answers = await Promise.all(
      [...cards.map((card) => ledger.confirm(reference, card)), ledger.cancel(reference)].map((call) => call.catch(String)),
    )
    await sleep(80)
    const final = await ledger.find(payment_id)
    expect(answers).toHaveLength(6)
    expect(await movements(payment_id)).toEqual(final?.status === 'succeeded' ? [['charge', 500]] : [])
  })

  test('a bank that decides later answers processing and is asked again', async () => {
    const ledger = openLedger()
    const [paying, declining] = await Promise.all([
      ledger.charge(euros(400, 'tok_async')),
      ledger.charge(euros(400, 'tok_async_declined')),
    ])
    expect([paying.status, declining.status]).toEqual(['processing', 'processing'])
    await sleep(80)
    expect(await ledger.find(paying.payment_id)).toMatchObject({ status: 'succeeded' })
    expect(await ledger.cancel(paying.reference)).toMatchObject({ status: 'succeeded' })
    expect(await ledger.find(declining.payment_id)).toMatchObject({ status: 'failed', failure_code: 'card_declined' })
    expect(await movements(paying.payment_id)).toEqual([['charge', 400]])
  })

  test('a slow card has paid long before the answer comes, a lost one although no answer comes', async () => {
    const ledger = openLedger()
    const [slow, lost] = [euros(100, 'tok_slow'), euros(100, 'tok_lost')]
    const answered = vi.fn<(payment: ProviderPayment) => void>()
    const waiting = ledger.charge(slow).then(answered)
    await expect(ledger.charge(lost)).rejects.toEqual(unavailable)
    await expect.poll(() => movements(slow.payment_id)).toEqual([['charge', 100]])
    expect(answered).not.toHaveBeenCalled()
    await waiting
    expect(await ledger.charge(lost)).toMatchObject({ status: 'succeeded' })
    expect(await movements(lost.payment_id)).toEqual([['charge', 100]])
  })

  test('a provider that takes the wrong amount says what it took', async () => {
    const ledger = openLedger()
    const charge = euros(1000, 'tok_wrong_amount')
    expect(await ledger.charge(charge)).toMatchObject({ status: 'succeeded', amount_minor: 999 })
    expect(await ledger.charge(charge)).toMatchObject({ amount_minor: 999 })
    expect(await movements(charge.payment_id)).toEqual([['charge', 999]])
  })

  test('a cancelled payment stays cancelled, and a paid one cannot be cancelled', async () => {
    const ledger = openLedger({ async_ms: 60_000 })
    for (const card of [undefined, 'tok_card_declined', 'tok_async']) {
      const { reference, payment_id } = await ledger.charge(euros(800, card))
      expect(await ledger.cancel(reference)).toMatchObject({ status: 'canceled' })
      expect(await ledger.cancel(reference)).toMatchObject({ status: 'canceled' })
      await expect(ledger.confirm(reference, 'tok_ok')).rejects.toEqual(refused('intent_canceled'))
      expect(await movements(payment_id)).toEqual([])
    }
    const paid = await ledger.charge(euros(800, 'tok_ok'))
    expect(await ledger.cancel(paid.reference)).toEqual(paid)
  })

  test('refunds never give back more than was taken, even when they race', async () => {
    const ledger = openLedger()
    const { reference, payment_id } = await ledger.charge(euros(1000, 'tok_ok'))
    const refund = (amount_minor: number, refund_id = nextRefund()) => ledger.refund({ reference, refund_id, amount_minor })
    const raced = await Promise.allSettled([refund(400), refund(400), refund(400), refund(400)])
    const tooMuch = raced.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    expect(tooMuch).toEqual([refused('amount_too_large'), refused('amount_too_large')])
    await expect(refund(201)).rejects.toEqual(refused('amount_too_large'))
    await refund(200)
    await refund(200, lastRefund)
    await expect(refund(100, lastRefund)).rejects.toEqual(refused('idempotency_mismatch'))
    expect(await ledger.find(payment_id)).toMatchObject({ amount_minor: 1000, refunded_minor: 1000, status: 'succeeded' })
    expect(await movements(payment_id)).toEqual([
      ['charge', 1000],
      ['refund', 400],
      ['refund', 400],
      ['refund', 200],
    ])

    const unpaid = await ledger.charge(euros(1000))
    await expect(ledger.refund({ reference: unpaid.reference, refund_id: nextRefund(), amount_minor: 1 })).rejects.toEqual(
      refused('not_succeeded'),
    )
  })

  test('the journal cannot be changed', async () => {
    await openLedger().charge(euros(100, 'tok_ok'))
    await expect(database.pool.query('update mock_provider.journal set amount_minor = 1')).rejects.toThrow('only grows')
    await expect(database.pool.query('delete from mock_provider.journal')).rejects.toThrow('only grows')
  })

  test('a webhook is signed, tells the payment, and is repeated until it is received', async () => {
    const sink = await openSink([500, 302, 404])
    startPump(sink.url)
    const { reference, payment_id } = await openLedger().charge(euros(600, 'tok_ok'))
    await expect.poll(() => sink.about(reference).length).toBe(4)
    await expect.poll(unsent).toBe(0)
    const told = sink.about(reference)
    expect(new Set(told.map(({ body }) => body.id)).size).toBe(1)
    const { readWebhook } = createMockProvider({ ledger: openLedger(), secrets, clock })
    for (const { raw, headers, body } of told)
      expect(readWebhook(raw, headers)).toEqual({ id: body.id, type: 'payment.succeeded', payment_id, reference })
    expect(told[0]?.body.data).toEqual({ reference, payment_id, amount_minor: 600, currency: 'EUR', status: 'succeeded' })
  })

  test('processes that pump at once take different webhooks, and one that dies leaves its webhooks to the next', async () => {
    const ledger = openLedger()
    for (let count = 0; count < 40; count += 1) await ledger.charge(euros(100, 'tok_ok'))
    const claim = async () => (await ledger.outbox.claim(10, 200, 20)).map(({ id }) => id)
    const claims = await Promise.all([claim(), claim(), claim(), claim(), claim()])
    expect(new Set(claims.flat()).size).toBe(claims.flat().length)
    expect(claims.filter((ids) => ids.length > 0).length).toBeGreaterThan(1)
    await sleep(250)
    expect((await ledger.outbox.claim(100, 200, 20)).length).toBe(40)
  })

  test('nobody needs to ask for a later decision to be told, each event once though two processes pump', async () => {
    const sink = await openSink()
    startPump(sink.url)
    startPump(sink.url)
    const ledger = openLedger()
    const { reference } = await ledger.charge(euros(600, 'tok_async'))
    await expect.poll(() => sink.types(reference)).toEqual(['payment.processing', 'payment.succeeded'])
    await ledger.refund({ reference, refund_id: nextRefund(), amount_minor: 50 })
    await expect.poll(() => sink.types(reference)).toEqual(['payment.processing', 'payment.succeeded', 'refund.succeeded'])
    expect(sink.about(reference)[2]?.body.data.amount_minor).toBe(50)
  })

  test('the duplicate card tells its success three times, around the news that it is processing', async () => {
    const sink = await openSink()
    startPump(sink.url)
    const { reference } = await openLedger().charge(euros(600, 'tok_duplicate'))
    const succeeded = 'payment.succeeded'
    await expect
      .poll(() => sink.types(reference), { timeout: 3_000 })
      .toEqual([succeeded, succeeded, 'payment.processing', succeeded])
    expect(new Set(sink.about(reference).map(({ body }) => body.id)).size).toBe(2)
  })

  test('webhooks are dropped, doubled, delayed and reordered on demand', async () => {
    const sink = await openSink()
    const faults = createFaults()
    startPump(sink.url, { faults })
    const ledger = openLedger()
    const told = async (fault: 'drop' | 'duplicate' | 'delay' | 'reorder') => {
      faults.order({ webhooks: fault, count: 1, ms: fault === 'delay' ? 50 : 3_000 })
      const { reference } = await ledger.charge(euros(600, 'tok_ok'))
      await expect.poll(() => faults.report().pending).toBe(0)
      if (fault === 'reorder') await ledger.refund({ reference, refund_id: nextRefund(), amount_minor: 1 })
      await sleep(200)
      return sink.types(reference)
    }
    expect(await told('drop')).toEqual([])
    expect(await told('duplicate')).toEqual(['payment.succeeded', 'payment.succeeded'])
    expect(await told('delay')).toEqual(['payment.succeeded'])
    expect(await told('reorder')).toEqual(['refund.succeeded', 'payment.succeeded'])
    expect(faults.report().struck).toEqual({ drop: 1, duplicate: 1, delay: 1, reorder: 1 })
  })

  const openClient = async (timeoutMs = 2_000) => {
    const faults = createFaults()
    const app = buildMockProviderServer({ ledger: openLedger(), faults, key: 'the key' })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    undo.push(() => app.close())
    return { url, faults, provider: createHttpMockProvider({ url, secrets, clock, timeoutMs, key: 'the key' }) }
  }

  test('over HTTP the provider says the same as in this process', async () => {
    const { provider: far } = await openClient()
    const near: PaymentProvider = createMockProvider({ ledger: openLedger(), secrets, clock })
    const charge = euros(300)
    const { reference } = await far.charge(charge)
    expect(await far.find(known(charge.payment_id))).toEqual(await near.charge(charge))
    expect(await far.find(known(987_654))).toBeNull()
    await expect(far.charge({ ...charge, amount_minor: 1 })).rejects.toEqual(refused('idempotency_mismatch'))
    await expect(far.confirm('pi_unknown', 'tok_ok')).rejects.toEqual(refused('not_found'))
    await expect(far.confirm(reference, 'tok_nope')).rejects.toEqual(refused('invalid_card_token'))
    await expect(far.charge(euros(300, 'tok_lost'))).rejects.toEqual(unavailable)
    expect(await far.confirm(reference, 'tok_ok')).toMatchObject({ status: 'succeeded' })
    expect(await far.cancel(reference)).toEqual(await near.cancel(reference))
    const refund = { reference, refund_id: nextRefund(), amount_minor: 300 }
    expect(await far.refund(refund)).toEqual(await near.refund(refund))
  })

  test.each(['timeout_before', 'error_500', 'rate_limit_429', 'timeout_after', 'reset'] as const)(
    'after the fault %s the outcome is unknown, and the same call again takes the money once',
    async (kind: CallFault['kind']) => {
      const { provider: far, faults: farFaults } = await openClient(200)
      const faults = createFaults()
      const near = createMockProvider({ ledger: openLedger(), secrets, clock, faults })
      for (const [provider, ordered] of [
        [far, farFaults],
        [near, faults],
      ] as const) {
        const charge = euros(300, 'tok_ok')
        ordered.order({ kind, operation: 'charge', count: 1 })
        await expect(provider.charge(charge)).rejects.toSatisfy(isProviderUnavailable)
        const hasPaid = kind === 'timeout_after' || kind === 'reset'
        expect(await movements(charge.payment_id)).toEqual(hasPaid ? [['charge', 300]] : [])
        expect(await provider.charge(charge)).toMatchObject({ status: 'succeeded' })
        expect(await movements(charge.payment_id)).toEqual([['charge', 300]])
        expect(ordered.report()).toEqual({ pending: 0, struck: { [kind]: 1 } })
      }
    },
  )

  test('a stranger is turned away, and an answer that is not the provider’s own says nothing', async () => {
    const { url } = await openClient()
    const stranger = createHttpMockProvider({ url, secrets, clock })
    await expect(stranger.find(known(1))).rejects.toEqual(refused('unauthorized'))
    const elsewhere = createHttpMockProvider({ url: `${url}/nowhere`, secrets, clock, key: 'the key' })
    await expect(elsewhere.find(known(1))).rejects.toEqual(unavailable)
    const nobody = createHttpMockProvider({ url: 'http://127.0.0.1:9', secrets, clock })
    await expect(nobody.find(known(1))).rejects.toEqual(unavailable)
  })
})
