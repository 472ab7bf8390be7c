import { afterAll, expect, test, vi } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { createLocalStripe } from '#testing/stripe/server.ts'

const KEY = 'sk_test_of_the_local_stripe'
const local = createLocalStripe({ secretKey: KEY, webhookSecrets: [], async_ms: 30 })
const apiUrl = await local.app.listen({ host: '127.0.0.1', port: 0 })
afterAll(local.close)

const { as, checkout, clock, db, given, someone } = await startTestApp({
  config: {
    SEAT_RULES: false,
    PAYMENT_PROVIDER: 'stripe',
    STRIPE_SECRET_KEY: KEY,
    STRIPE_PUBLISHABLE_KEY: 'pk_test_for_browsers',
    STRIPE_WEBHOOK_SECRETS: ['whsec_of_the_local_stripe'],
    STRIPE_API_URL: apiUrl,
  },
})
const ORDERS = '/api/v1/orders'
const DECLINED = 'pm_card_visa_chargeDeclinedInsufficientFunds'

const names = { uk: 'Знижка', ru: 'Скидка', en: 'Off' }
const made = await (await as('admin')).post('/api/v1/promotions', { names, kind: 'percent', percent: 10, codes: ['DECLINED10'] })
if (made.status !== 201) throw new Error('There is no promotion to try.')

/** An order whose payment waits in the browser. */
const begun = async (person: Client) => {
  const session = await given.session({ seats: 6 })
  const { body } = await person.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 2) })
  const id = body.order.id as number
  const [first, second] = body.tickets as { id: number }[]
  const paying = await person.post(`${ORDERS}/${id}/pay`, {})
  expect(paying.body).toMatchObject({ status: 'pending', next_action: 'confirm' })
  const intents = () =>
    db
      .selectFrom('payments')
      .select(['status', 'failure_code', 'provider_reference'])
      .where('order_id', '=', id)
      .orderBy('id')
      .execute()
  return {
    id,
    session,
    tickets: [first?.id ?? 0, second?.id ?? 0],
    intents,
    inBrowser: async (card: string) => local.bank.payInBrowser((await intents()).at(-1)?.provider_reference ?? '', card),
    read: async () => (await person.get(`${ORDERS}/${id}`)).body,
  }
}
type Begun = Awaited<ReturnType<typeof begun>>
/** What buyers change when they think again. */
const changes: Record<string, (person: Client, order: Begun) => Promise<{ status: number; body: { code?: string } }>> = {
  'another seat': (person, { tickets, session }) =>
    person.patch(`/api/v1/tickets/${tickets[0]}`, { seat_id: session.seat_ids[4] }),
  'one seat more': (person, { id, session }) =>
    person.post('/api/v1/tickets', { session_id: session.id, seat_ids: [session.seat_ids[3]], order_id: id }),
  'a code': (person, { id }) => person.put(`${ORDERS}/${id}/promo-code`, { code: 'DECLINED10' }),
  'no code': (person, { id }) => person.delete(`${ORDERS}/${id}/promo-code`),
  'no points': (person, { id }) => person.delete(`${ORDERS}/${id}/points`),
}
const cases = Object.entries(changes)
const sound = async () => expect((await checkInvariants(db)).violated).toEqual([])

test.each(cases)(
  'after a decline in the browser the buyer changes the order (%s), and pays what it costs then',
  async (_, change) => {
    const person = await someone()
    const order = await begun(person)
    expect(await order.inBrowser(DECLINED)).toBe(false)
    const { status } = await change(person, order)
    expect([200, 201]).toContain(status)
    const [declined] = await order.intents()
    expect(declined).toMatchObject({ status: 'failed', failure_code: 'insufficient_funds' })
    expect(local.bank.get(declined?.provider_reference ?? '').status).toBe('canceled')
    const { amount_due } = await order.read()
    const again = await person.post(`${ORDERS}/${order.id}/pay`, {})
    expect(again.body).toMatchObject({ status: 'pending', amount: amount_due })
    expect(await order.inBrowser('pm_card_visa')).toBe(true)
    clock.advance(60)
    await checkout.sweep.complete()
    clock.reset()
    expect(await order.read()).toMatchObject({ status: 'paid' })
    expect((await order.intents()).map(({ status: its }) => its)).toEqual(['failed', 'success'])
    await sound()
  },
)

test.each(cases)('a payment that somebody may be at is left alone, and the order stays as it is (%s)', async (_, change) => {
  const person = await someone()
  const order = await begun(person)
  const before = await order.read()
  expect(await change(person, order)).toMatchObject({ status: 409, body: { code: 'orders.payment_in_progress' } })
  expect(await order.read()).toEqual(before)
  expect(local.bank.get((await order.intents())[0]?.provider_reference ?? '').status).not.toBe('canceled')
})

test.each(cases)('money that came after all settles the order, and nothing is changed (%s)', async (_, change) => {
  const person = await someone()
  const order = await begun(person)
  expect(await order.inBrowser(DECLINED)).toBe(false)
  // The buyer pays in one tab while the other changes the order: between the look at Stripe and the cancellation.
  let paid = false
  const cancel = local.bank.cancel
  const spy = vi.spyOn(local.bank, 'cancel').mockImplementation((id: string) => {
    if (!paid) paid = local.bank.payInBrowser(id, 'pm_card_visa')
    return cancel(id)
  })
  const answer = await change(person, order)
  spy.mockRestore()
  expect(paid).toBe(true)
  expect(answer).toMatchObject({ status: 409, body: { code: 'orders.already_paid' } })
  expect(await order.read()).toMatchObject({ status: 'paid', total: 400, tickets: [{ status: 'paid' }, { status: 'paid' }] })
  await sound()
})

test('nobody ends what somebody else pays, not even after a decline', async () => {
  const [person, stranger] = [await someone(), await someone()]
  const order = await begun(person)
  await order.inBrowser(DECLINED)
  for (const [, change] of cases) expect((await change(stranger, order)).status).toBe(404)
  expect(await order.intents()).toMatchObject([{ status: 'pending' }])
})

test('when Stripe does not answer nothing is ended and nothing is changed', async () => {
  const person = await someone()
  const order = await begun(person)
  await order.inBrowser(DECLINED)
  const spy = vi.spyOn(local.bank, 'get').mockImplementation(() => {
    throw new Error('down')
  })
  const answer = await person.delete(`${ORDERS}/${order.id}/promo-code`)
  spy.mockRestore()
  expect(answer).toMatchObject({ status: 409, body: { code: 'orders.payment_in_progress' } })
  expect(await order.intents()).toMatchObject([{ status: 'pending' }])
})
