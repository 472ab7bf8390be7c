import { describe, expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'

const { checkout, clock, db, given, guest, payments, pool, someone, as } = await startTestApp()
const cashier = await someone('cashier')

const hold = async (person: Client, seats = 2) => {
  const session = await given.session({ seats: seats + 1 })
  const { status, body } = await person.post('/api/v1/tickets', {
    session_id: session.id,
    seat_ids: session.seat_ids.slice(0, seats),
  })
  expect(status).toBe(201)
  const id = body.order.id as number
  return {
    id,
    session,
    tickets: body.tickets.map((ticket: { id: number }) => ticket.id) as number[],
    read: async () => (await person.get(`/api/v1/orders/${id}`)).body,
    pay: (by: Client, fields: object, headers = {}) => by.post(`/api/v1/orders/${id}/pay`, fields, headers),
  }
}
const cash = (amount?: number) => ({ payment_method: 'cash', ...(amount !== undefined && { amount }) })
const paymentsOf = (order_id: number) =>
  db.selectFrom('payments').selectAll().where('order_id', '=', order_id).orderBy('id').execute()
const refundsOf = async (order_id: number) =>
  (
    await pool.query(
      'select r.*, p.provider from refunds r join payments p on p.id = r.payment_id where p.order_id = $1 order by r.id',
      [order_id],
    )
  ).rows as { id: number; amount_minor: number; provider: string; reason: string; status: string }[]
const giveAllBack = async (order_id: number) => {
  for (const { id } of await refundsOf(order_id)) await checkout.refund({ refund_id: id })
}
const expectSound = async () => {
  const { findings } = await checkInvariants(db)
  expect(findings.filter(({ verdict }) => verdict === 'violated')).toEqual([])
}

describe('R-311: at the counter', () => {
  test.each(['cash', 'terminal'])('staff take %s, and the tickets are there at once', async (payment_method) => {
    const order = await hold(cashier)
    expect(await order.pay(cashier, { payment_method, amount: 400 })).toMatchObject({
      status: 201,
      body: {
        status: 'success',
        provider: payment_method,
        method: payment_method,
        amount: 400,
        order: { status: 'paid', amount_due: 0 },
      },
    })
    expect(await order.read()).toMatchObject({
      tickets: [
        { status: 'paid', payment_method },
        { status: 'paid', qr_code: expect.any(String) },
      ],
    })
  })

  test('they take it for a guest’s order without an address, and by the ticket', async () => {
    const visitor = await guest()
    const order = await hold(visitor, 1)
    expect(await cashier.patch(`/api/v1/tickets/${order.tickets[0]}/pay`, { payment_method: 'cash' })).toMatchObject({
      status: 200,
      body: { status: 'paid', payment: { provider: 'cash' } },
    })
  })

  test('nobody else does: not the buyer, not a guest, not staff of another cinema', async () => {
    const [customer, visitor] = [await someone(), await guest()]
    const elsewhere = await someone('cashier', [(await given.cinema()).id])
    for (const person of [customer, visitor]) {
      const order = await hold(person)
      expect(await order.pay(person, { ...cash(), email: 'a@b.example' })).toMatchObject({
        status: 403,
        body: { code: 'payments.staff_only' },
      })
      expect(await order.pay(elsewhere, cash())).toMatchObject({ status: 404 })
      expect(await order.read()).toMatchObject({ status: 'pending', payments: [] })
    }
    const own = await hold(elsewhere)
    expect(await own.pay(elsewhere, cash())).toMatchObject({ status: 403 })
  })

  test('more than is due, nothing, or a third decimal is refused', async () => {
    const order = await hold(cashier)
    for (const amount of [400.01, 0])
      expect(await order.pay(cashier, cash(amount))).toMatchObject({ status: 409, body: { amount_due: 400 } })
    expect((await order.pay(cashier, cash(1.005))).status).toBe(422)
    expect(await paymentsOf(order.id)).toEqual([])
  })

  test('money that was taken when the process died is found, and pays', async () => {
    const order = await hold(cashier)
    await db
      .insertInto('payments')
      .values({ order_id: order.id, provider: 'cash', method: 'cash', amount_minor: 40_000, currency: 'UAH', is_external: true })
      .execute()
    clock.advance(10)
    await checkout.sweep.complete()
    expect(await order.read()).toMatchObject({ status: 'paid', payments: [{ status: 'success', provider: 'cash' }] })
  })

  test('two cashiers at once take the money of an order once', async () => {
    const order = await hold(cashier)
    const replies = await Promise.all([cashier, await someone('cashier')].map((one) => order.pay(one, cash())))
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409])
    expect(await paymentsOf(order.id)).toHaveLength(1)
    await expectSound()
  })

  test('cash given back by staff is an entry in the books; a buyer’s own cancellation calls somebody to hand it out', async () => {
    const customer = await someone()
    const [byStaff, byBuyer] = [await hold(customer), await hold(customer)]
    for (const order of [byStaff, byBuyer]) await order.pay(cashier, cash())
    await cashier.post(`/api/v1/orders/${byStaff.id}/cancel`, { reason: 'ill' })
    await customer.post(`/api/v1/orders/${byBuyer.id}/cancel`)
    const alarms = async (order: typeof byStaff) =>
      (
        await pool.query('select a.kind from payment_alarms a join payments p on p.id = a.payment_id where p.order_id = $1', [
          order.id,
        ])
      ).rows
    for (const order of [byStaff, byBuyer]) {
      await giveAllBack(order.id)
      expect(await refundsOf(order.id)).toMatchObject([
        { status: 'success', amount_minor: 40_000, provider_reference: expect.stringMatching(/^cash_refund_/) },
      ])
    }
    expect([await alarms(byStaff), await alarms(byBuyer)]).toEqual([[], [{ kind: 'hand_out_money' }]])
  })

  test('a sale that a cashier takes back is in the journal, though the order is in their own name; a private one is not', async () => {
    const [sold, own] = [await hold(cashier), await hold(cashier)]
    await sold.pay(cashier, cash())
    await own.pay(cashier, { card_token: 'tok_ok' })
    for (const order of [sold, own])
      expect(await cashier.post(`/api/v1/orders/${order.id}/cancel`)).toMatchObject({ status: 200 })
    const { rows } = await pool.query(
      "select object_id::bigint as id from audit_log where action = 'orders.cancelled_by_staff' and object_id = any($1::text[])",
      [[sold.id, own.id]],
    )
    expect(rows).toEqual([{ id: sold.id }])
  })

  test('cash of two tickets that their buyer gives back one after the other is handed out for both', async () => {
    const customer = await someone()
    const order = await hold(customer)
    await order.pay(cashier, cash())
    for (const ticket of order.tickets)
      expect(await customer.post(`/api/v1/tickets/${ticket}/cancel`, {})).toMatchObject({ status: 200 })
    const refunds = (await refundsOf(order.id)).map(({ id, amount_minor }) => ({ refund_id: id, amount_minor }))
    const { rows } = await pool.query(
      'select a.kind, a.detail from payment_alarms a join payments p on p.id = a.payment_id where p.order_id = $1',
      [order.id],
    )
    expect(rows).toEqual([{ kind: 'hand_out_money', detail: { amount_minor: 40_000, refunds } }])
  })

  test('cash for a session that the house cancels is owed to somebody who is not there: staff are called to hand it out', async () => {
    const [customer, manager] = [await someone(), await someone('manager')]
    const order = await hold(customer)
    await order.pay(cashier, cash(150))
    expect(await manager.post(`/api/v1/sessions/${order.session.id}/cancel`)).toMatchObject({ status: 200 })
    await giveAllBack(order.id)
    expect(await refundsOf(order.id)).toMatchObject([{ amount_minor: 15_000, reason: 'session_cancelled', status: 'success' }])
    const { rows } = await pool.query(
      'select a.kind, a.detail from payment_alarms a join payments p on p.id = a.payment_id where p.order_id = $1',
      [order.id],
    )
    expect(rows).toMatchObject([{ kind: 'hand_out_money', detail: { amount_minor: 15_000 } }])
  })
})

describe('an order that is paid by several payments', () => {
  test('falls due for less with each, is paid with the last, and gives each its own back', async () => {
    const customer = await someone()
    const order = await hold(customer)
    expect(await order.pay(cashier, cash(150))).toMatchObject({
      status: 201,
      body: { status: 'success', order: { status: 'pending', amount_due: 250 } },
    })
    expect(await order.pay(cashier, { payment_method: 'terminal', amount: 49.99 })).toMatchObject({
      body: { order: { amount_due: 200.01 } },
    })
    expect(await order.pay(customer, { card_token: 'tok_ok', amount: 400 })).toMatchObject({
      status: 409,
      body: { code: 'orders.price_changed', amount_due: 200.01 },
    })
    expect(await order.pay(customer, { card_token: 'tok_ok', amount: 200.01 })).toMatchObject({
      body: {
        status: 'success',
        amount: 200.01,
        order: { status: 'paid', amount_due: 0, tickets: [{ status: 'paid' }, { status: 'paid' }] },
      },
    })
    await expectSound()
    await customer.post(`/api/v1/tickets/${order.tickets[0]}/cancel`)
    await customer.post(`/api/v1/tickets/${order.tickets[1]}/cancel`)
    await giveAllBack(order.id)
    expect((await paymentsOf(order.id)).map(({ provider, status }) => [provider, status])).toEqual([
      ['cash', 'refunded'],
      ['terminal', 'refunded'],
      ['mock', 'refunded'],
    ])
    await expectSound()
  })

  test('two tills that take its rest at once are one payment, whatever each of them was given', async () => {
    const other = await someone('cashier')
    const seen = { refused: 0, parts: 0 }
    for (const [first, second] of [
      [300, 300],
      [300, 120],
      [120, 300],
      [200, 200],
      [100, 100],
    ] as const) {
      const order = await hold(await someone())
      await order.pay(cashier, cash(100))
      const replies = await Promise.all([
        order.pay(cashier, cash(first)),
        order.pay(other, { payment_method: 'terminal', amount: second }),
      ])
      expect(replies.every(({ status }) => status === 201 || status === 409)).toBe(true)
      const kept = (await paymentsOf(order.id)).filter(({ status }) => status === 'success')
      expect(kept).toHaveLength(1 + replies.filter(({ status }) => status === 201).length)
      const taken = kept.reduce((sum, { amount_minor }) => sum + amount_minor, 0)
      expect(taken).toBeLessThanOrEqual(40_000)
      const { amount_due, status } = await order.read()
      expect([amount_due, status]).toEqual([(40_000 - taken) / 100, taken === 40_000 ? 'paid' : 'pending'])
      seen.refused += replies.filter((reply) => reply.status === 409).length
      seen.parts += status === 'pending' ? 1 : 0
      expect(await refundsOf(order.id)).toEqual([])
    }
    expect(seen.refused).toBeGreaterThan(2)
    await expectSound()
  })

  test('a card that is charged while a till has taken the rest gives its money back', async () => {
    const customer = await someone()
    const order = await hold(customer)
    await order.pay(cashier, cash(100))
    const waiting = await order.pay(customer, {})
    expect(waiting.body).toMatchObject({ status: 'pending', amount: 300 })
    await db.updateTable('payments').set({ status: 'canceled' }).where('id', '=', waiting.body.id).execute()
    expect(await order.pay(cashier, cash(300))).toMatchObject({ body: { order: { status: 'paid' } } })
    const late = await payments.find(db, waiting.body.id)
    const charged = { ...(await payments.provider().confirm(late?.provider_reference ?? '', 'tok_ok')) }
    expect(charged.status).toBe('succeeded')
    clock.advance(3_600)
    await checkout.reconcile.run({ now: true })
    expect(await refundsOf(order.id)).toMatchObject([{ amount_minor: 30_000, provider: 'mock' }])
    expect(await order.read()).toMatchObject({ status: 'paid' })
    await giveAllBack(order.id)
    await expectSound()
    clock.reset()
  })

  test('takes one key for one part', async () => {
    const order = await hold(cashier)
    const key = { 'idempotency-key': 'a part' }
    const [first, second] = [await order.pay(cashier, cash(100), key), await order.pay(cashier, cash(100), key)]
    expect(second.body.id).toBe(first.body.id)
    expect(await order.read()).toMatchObject({ amount_due: 300 })
  })

  test('does not change any more, but is canceled as a whole, and then gives everything back', async () => {
    const customer = await someone()
    const order = await hold(customer)
    await order.pay(cashier, cash(100))
    const partly = { status: 409, body: { code: 'orders.partly_paid' } }
    expect(await customer.delete(`/api/v1/tickets/${order.tickets[0]}`)).toMatchObject(partly)
    expect(await customer.put(`/api/v1/tickets/${order.tickets[0]}`, { seat_id: order.session.seat_ids[2] })).toMatchObject(
      partly,
    )
    const more = { session_id: order.session.id, seat_ids: [order.session.seat_ids[2]], order_id: order.id }
    expect(await customer.post('/api/v1/tickets', more)).toMatchObject(partly)
    expect(await customer.post(`/api/v1/orders/${order.id}/cancel`)).toMatchObject({
      status: 200,
      body: { order: { status: 'canceled' } },
    })
    expect(await refundsOf(order.id)).toMatchObject([{ amount_minor: 10_000, reason: 'order_canceled' }])
    await expectSound()
  })

  test('gives everything back when the rest does not come in time; what comes later still goes back too', async () => {
    const customer = await someone()
    const order = await hold(customer)
    await order.pay(cashier, cash(100))
    const waiting = await order.pay(customer, {})
    expect(waiting).toMatchObject({ body: { status: 'pending', amount: 300 } })
    clock.advance(2_000)
    await checkout.sweep.reap()
    await checkout.sweep.expire()
    expect(await order.read()).toMatchObject({
      status: 'expired',
      amount_due: 0,
      payments: [{ status: 'success', refunded: 100 }, { status: 'canceled' }],
    })
    expect(await refundsOf(order.id)).toMatchObject([{ amount_minor: 10_000, provider: 'cash', reason: 'not_paid_in_full' }])
    await expectSound()
    clock.reset()
  })

  test('gives everything back when its session is cancelled', async () => {
    const order = await hold(await someone())
    await order.pay(cashier, cash(100))
    await (await as('manager')).post(`/api/v1/sessions/${order.session.id}/cancel`, {})
    expect(await refundsOf(order.id)).toMatchObject([{ amount_minor: 10_000, reason: 'session_cancelled' }])
    await expectSound()
  })
})
