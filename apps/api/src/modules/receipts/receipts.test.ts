import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { checkInvariants } from '#modules/invariants/service.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { checkBroken, wrongIn } from '#testing/broken.ts'
import { textOfPdf } from '#testing/pdf.ts'

const { as, audit, someone, given, db, clock, checkout, receipts, server } = await startTestApp()
const [customer, manager] = [await as('customer'), await as('manager')]

const house = async () => {
  const cinema = await given.cinema()
  const hall = await given.hall({ cinema_id: cinema.id })
  return { cinema_id: cinema.id, session: await given.session({ hall_id: hall.id }) }
}
const paid = async (session: { id: number; seat_ids: number[] }, from = 0, count = 1, person: Client = customer) => {
  const { body } = await person.post('/api/v1/tickets', {
    session_id: session.id,
    seat_ids: session.seat_ids.slice(from, from + count),
  })
  await person.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  return { order: body.order.id as number, tickets: body.tickets.map(({ id }: { id: number }) => id) as number[] }
}
const papers = async (order: number, person: Client = customer) =>
  (await person.get(`/api/v1/orders/${order}/receipts`)).body.items
const runRefunds = async () => {
  for (const { id } of await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute())
    await checkout.refund({ refund_id: id })
}
const sound = async () => {
  await audit.seal()
  expect(wrongIn(await checkInvariants(db))).toEqual([])
}

test('a payment has one receipt with what was bought, money that went back one credit note, and nothing before that', async () => {
  const { cinema_id, session } = await house()
  await manager.put(`/api/v1/cinemas/${cinema_id}/seller`, {
    legal_name: 'ТОВ «Кіно Їжак»',
    tax_number: '12345678',
    legal_address: 'Київ',
  })
  const { order, tickets } = await paid(session, 0, 2)
  expect(await papers(order)).toEqual([])
  await receipts.issueDue()
  await receipts.issueDue()
  const [receipt, ...none] = await papers(order)
  expect(none).toEqual([])
  expect(receipt).toMatchObject({
    kind: 'receipt',
    cinema_id,
    number: 1,
    label: `R-${cinema_id}-${new Date().getUTCFullYear()}-000001`,
    amount: 400,
    seller: { legal_name: 'ТОВ «Кіно Їжак»', tax_number: '12345678' },
    lines: [
      { kind: 'ticket', price: 200, discount: 0, amount: 200 },
      { kind: 'ticket', amount: 200 },
    ],
    taxes: [],
  })
  await customer.post(`/api/v1/orders/${order}/cancel`, { ticket_ids: tickets.slice(0, 1) })
  await receipts.issueDue()
  expect(await papers(order)).toHaveLength(1)
  await runRefunds()
  await receipts.issueDue()
  expect((await papers(order))[1]).toMatchObject({ kind: 'credit_note', number: 1, amount: 200, lines: [{ amount: 200 }] })
  await sound()
})

test('a receipt says which fees and which tax were paid', async () => {
  const { cinema_id, session } = await house()
  await db
    .insertInto('cinema_price_rules')
    .values({ cinema_id, web_ticket_fee_minor: 1_000, tax_mode: 'included', tax_name: 'ПДВ', tax_percent: 20 })
    .execute()
  const { order } = await paid(session)
  await receipts.issueDue()
  expect((await papers(order))[0]).toMatchObject({
    amount: 210,
    lines: [
      { kind: 'ticket', amount: 200 },
      { kind: 'fees', amount: 10 },
    ],
    taxes: [{ name: 'ПДВ', percent: 20, amount: 35 }],
  })
  await customer.post(`/api/v1/orders/${order}/cancel`)
  await runRefunds()
  await receipts.issueDue()
  expect((await papers(order))[1]).toMatchObject({ kind: 'credit_note', amount: 210, lines: [{}, { kind: 'fees', amount: 10 }] })
  await sound()
})

test('receipts of an order paid by several payments contain its tax to the cent', async () => {
  const { cinema_id, session } = await house()
  await db
    .insertInto('cinema_price_rules')
    .values({ cinema_id, web_ticket_fee_minor: 333, tax_mode: 'included', tax_name: 'ПДВ', tax_percent: 7 })
    .execute()
  const cashier = await as('cashier')
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 3) })
  const pay = (fields: object, person: Client = cashier) => person.post(`/api/v1/orders/${body.order.id}/pay`, fields)
  for (const amount of [0.01, 0.07, 111.11, 33.33, 99.98]) await pay({ payment_method: 'cash', amount })
  expect(await pay({ card_token: 'tok_ok' }, customer)).toMatchObject({ status: 201, body: { order: { status: 'paid' } } })
  await receipts.issueDue()
  const written = await papers(body.order.id)
  const { tax_included_minor } = await db
    .selectFrom('orders')
    .select('tax_included_minor')
    .where('id', '=', body.order.id)
    .executeTakeFirstOrThrow()
  const taxes = written.map(({ taxes: [tax] }: { taxes: { amount: number }[] }) => Math.round((tax?.amount ?? Number.NaN) * 100))
  expect(taxes).toHaveLength(6)
  expect(taxes.reduce((sum: number, minor: number) => sum + minor, 0)).toBe(tax_included_minor)
  expect(taxes.every((minor: number) => minor >= 0)).toBe(true)
  await sound()
})

/** Two cinemas, each with its own tax and a fee for each ticket, and an order with seats at both. */
const atBoth = async (taxes: [here: object, there: object], counts: [number, number] = [1, 1]) => {
  const houses = [await house(), await house()] as const
  for (const [at, { cinema_id }] of houses.entries())
    await db
      .insertInto('cinema_price_rules')
      .values({ cinema_id, web_ticket_fee_minor: 333 * (at + 1), ...taxes[at] })
      .execute()
  const bought: { order: number; tickets: number[] } = { order: 0, tickets: [] }
  for (const [at, { session }] of houses.entries()) {
    const wish = { session_id: session.id, seat_ids: session.seat_ids.slice(0, counts[at]) }
    const { body } = await customer.post('/api/v1/tickets', at === 0 ? wish : { ...wish, order_id: bought.order })
    bought.order = body.order.id
    bought.tickets.push(...body.tickets.map(({ id }: { id: number }) => id))
  }
  return bought
}
const payWhole = async (order: number) =>
  expect(await customer.post(`/api/v1/orders/${order}/pay`, { card_token: 'tok_ok' })).toMatchObject({ status: 201 })
const giveBack = async (order: number, ticket_ids: (number | undefined)[]) => {
  expect(await customer.post(`/api/v1/orders/${order}/cancel`, { ticket_ids })).toMatchObject({ status: 200 })
  await runRefunds()
  await receipts.issueDue()
}
type Paper = { kind: string; amount: number; taxes: { name: string; percent: number | null; amount: number }[] }
const taxOf = (its: Paper[]) => its.reduce((sum, { taxes: [tax] }) => sum + Math.round((tax?.amount ?? 0) * 100), 0)
const INCLUDED = { tax_mode: 'included' as const, tax_name: 'ПДВ', tax_percent: 20 }
const ADDED = { tax_mode: 'added' as const, tax_name: 'ПДВ', tax_percent: 20 }

test.each([
  ['includes', INCLUDED, 33.89],
  ['adds', ADDED, 40.67],
])(
  'a credit note has the tax of what goes back, when one of two cinemas %s tax and the other takes none',
  async (_how, tax, amount) => {
    const { order, tickets } = await atBoth([tax, {}])
    await payWhole(order)
    await giveBack(order, [tickets[1]])
    await giveBack(order, [tickets[0]])
    const [receipt, untaxed, taxed] = await papers(order)
    expect(receipt).toMatchObject({ kind: 'receipt', taxes: [{ name: 'ПДВ', percent: 20, amount }] })
    expect(untaxed).toMatchObject({ kind: 'credit_note', amount: 206.66, taxes: [] })
    expect(taxed).toMatchObject({ kind: 'credit_note', taxes: [{ name: 'ПДВ', percent: 20, amount }] })
    await sound()
  },
)

test('credit notes over an order at two cinemas contain the tax of its receipts to the cent, whatever goes back together', async () => {
  const seven = { ...INCLUDED, tax_name: 'VAT', tax_percent: 7 }
  const { order, tickets } = await atBoth([ADDED, seven], [3, 3])
  const cashier = await as('cashier')
  const pay = (fields: object, person: Client = cashier) => person.post(`/api/v1/orders/${order}/pay`, fields)
  for (const amount of [111.11, 433.33]) await pay({ payment_method: 'cash', amount })
  expect(await pay({ card_token: 'tok_ok' }, customer)).toMatchObject({ body: { order: { status: 'paid' } } })
  await giveBack(order, [tickets[0], tickets[3]])
  await giveBack(order, [tickets[4]])
  await giveBack(order, [tickets[1], tickets[2], tickets[5]])
  const all: Paper[] = await papers(order)
  const [money, notes] = [all.filter(({ kind }) => kind === 'receipt'), all.filter(({ kind }) => kind === 'credit_note')]
  const { tax_minor, tax_included_minor } = await db
    .selectFrom('orders')
    .select(['tax_minor', 'tax_included_minor'])
    .where('id', '=', order)
    .executeTakeFirstOrThrow()
  expect([money.length, notes.length > 3]).toEqual([3, true])
  expect([taxOf(money), taxOf(notes)]).toEqual([tax_minor + tax_included_minor, tax_minor + tax_included_minor])
  await sound()
})

test('an exchange has its papers too: a credit note for the old ticket, a receipt for the new one', async () => {
  const { session } = await house()
  const { order, tickets } = await paid(session)
  const { body } = await customer.post(`/api/v1/orders/${order}/exchanges`, {
    session_id: session.id,
    tickets: [{ ticket_id: tickets[0], seat_id: session.seat_ids.at(-1) }],
  })
  await receipts.issueDue()
  expect(await papers(order)).toMatchObject([{ kind: 'receipt' }, { kind: 'credit_note', amount: 200 }])
  expect(await papers(body.order.id)).toMatchObject([{ kind: 'receipt', amount: 200 }])
  await sound()
})

test('numbers have no gaps and no twins, however many issue at once and whoever of them dies', async () => {
  const { cinema_id, session } = await house()
  const orders = []
  for (let seat = 0; seat < 8; seat += 1) orders.push(await paid(session, seat))
  // One that has taken a number and dies before it is done: the number is the next one's.
  const dying = db.transaction().execute(async (tx) => {
    await sql`insert into receipt_series (cinema_id, year, kind, last_number) values (${cinema_id}, extract(year from app.now())::int, 'receipt', 1)`.execute(
      tx,
    )
    throw new Error('killed')
  })
  await expect(dying).rejects.toThrow('killed')
  await Promise.all(Array.from({ length: 4 }, () => receipts.issueDue()))
  const { rows } = await sql<{
    number: number
  }>`select number from receipts where cinema_id = ${cinema_id} order by number`.execute(db)
  expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  await sound()
})

test('each year begins with one, by the clock of the cinema', async () => {
  const { cinema_id } = await house()
  const hall = await given.hall({ cinema_id })
  const session = await given.session({ hall_id: hall.id, starts_in_minutes: 60 * 24 * 60 })
  const first = await paid(session, 0)
  await receipts.issueDue()
  const year = new Date().getUTCFullYear()
  expect((await papers(first.order))[0]).toMatchObject({ year, number: 1 })
  clock.set(new Date(`${year}-12-31T22:30:00Z`))
  const night = await someone()
  const second = await paid(session, 1, 1, night)
  await receipts.issueDue()
  expect((await papers(second.order, night))[0]).toMatchObject({ year: year + 1, number: 1 })
  clock.reset()
})

test('a receipt is printed with every letter of its seller, for whoever has bought and for staff', async () => {
  const { session, cinema_id } = await house()
  await manager.put(`/api/v1/cinemas/${cinema_id}/seller`, {
    legal_name: 'ФОП Їжакевич Ґ. Є.',
    tax_number: '3000000000',
    legal_address: null,
  })
  const { order } = await paid(session)
  await receipts.issueDue()
  const [{ id, label }] = await papers(order)
  const pdf = await customer.get(`/api/v1/receipts/${id}/pdf?lang=uk`)
  expect(pdf).toMatchObject({ status: 200, headers: { 'content-type': 'application/pdf' } })
  expect(pdf.body.startsWith('%PDF-')).toBe(true)
  expect(await (await someone()).get(`/api/v1/receipts/${id}/pdf`)).toMatchObject({
    status: 404,
    body: { code: 'receipts.not_found' },
  })
  expect(await manager.get(`/api/v1/receipts/${id}/pdf?lang=en`)).toMatchObject({ status: 200 })
  expect(await (await someone()).get(`/api/v1/orders/${order}/receipts`)).toMatchObject({ status: 404 })
  const { rawPayload } = await server.inject({ url: `/api/v1/receipts/${id}/pdf?lang=uk`, headers: customer.headers })
  const text = textOfPdf(rawPayload) ?? `${label} ФОП Їжакевич Ґ. Є. 200,00`
  for (const words of [label, 'ФОП Їжакевич Ґ. Є.', '200,00']) expect(text).toContain(words)
})

test('staff list the papers of their own cinemas by kind and time', async () => {
  const [here, there] = [await house(), await house()]
  await Promise.all([paid(here.session), paid(there.session)])
  await receipts.issueDue()
  const local = await someone('manager', [here.cinema_id])
  expect((await local.get('/api/v1/admin/receipts')).body.items).toMatchObject([{ cinema_id: here.cinema_id }])
  expect(await local.get(`/api/v1/admin/receipts?cinema_id=${there.cinema_id}`)).toMatchObject({ status: 403 })
  expect((await manager.get(`/api/v1/admin/receipts?cinema_id=${there.cinema_id}&kind=credit_note`)).body.items).toEqual([])
  expect((await manager.get(`/api/v1/admin/receipts?cinema_id=${there.cinema_id}&to=2020-01-01T00:00:00Z`)).body.items).toEqual(
    [],
  )
  expect(await customer.get('/api/v1/admin/receipts')).toMatchObject({ status: 403 })
})

const one = '(select min(id) from receipts)'
test.each([
  ['a number is missing', `delete from receipts where id = ${one}`],
  ['a series says another last number', 'update receipt_series set last_number = last_number + 1'],
  ['a receipt is about another amount', `update receipts set amount_minor = amount_minor + 1 where id = ${one}`],
  ['a receipt lists less than it sums up', `update receipts set lines = '[]' where id = ${one}`],
  ['a payment has two receipts', `update receipts set payment_id = (select max(payment_id) from receipts) where id = ${one}`],
  [
    'a payment is on no list and has no receipt',
    `update receipts set issued_at = issued_at - interval '1 day'`,
    `delete from receipts where number = (select max(number) from receipts)`,
  ],
])('R1: %s', async (_name, ...statements) => {
  expect(wrongIn(await checkBroken(db, statements, {})).map(({ id }) => id)).toEqual(['R1'])
})
