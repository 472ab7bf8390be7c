import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { anonymous, as, someone, given, db, checkout, receipts } = await startTestApp()
const [customer, admin] = [await as('customer'), await as('admin')]
const EXPORT = '/api/v1/admin/receipts/export'

/** A cinema that adds tax, with a receipt and a credit note of it. */
const house = async () => {
  const cinema = await given.cinema()
  await db
    .insertInto('cinema_price_rules')
    .values({ cinema_id: cinema.id, tax_mode: 'included', tax_name: 'ПДВ', tax_percent: 20 })
    .execute()
  const session = await given.session({ hall_id: (await given.hall({ cinema_id: cinema.id })).id })
  await admin.put(`/api/v1/cinemas/${cinema.id}/seller`, {
    legal_name: '=HYPERLINK("http://evil")',
    tax_number: '12345678',
    legal_address: null,
  })
  const { body } = await customer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids.slice(0, 2) })
  await customer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok' })
  await customer.post(`/api/v1/orders/${body.order.id}/cancel`, { ticket_ids: [body.id] })
  for (const { id } of await db.selectFrom('refunds').select('id').where('status', '=', 'pending').execute())
    await checkout.refund({ refund_id: id })
  await receipts.issueDue()
  return { cinema_id: cinema.id, reference: body.order.reference as string }
}
const rowsOf = ({ body }: { body: unknown }) => String(body).trim().split('\r\n').slice(1)

test('receipts and credit notes come as a file, whole, with tax and seller; who takes it away is written down', async () => {
  const { cinema_id, reference } = await house()
  const file = await admin.get(`${EXPORT}?cinema_id=${cinema_id}`)
  expect(file).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment; filename="receipts_/),
    },
  })
  expect(String(file.body).split('\r\n')[0]).toBe(
    '\uFEFFid,kind,label,cinema_id,year,number,order_id,order_reference,payment_id,refund_id,currency,amount,tax_name,tax_percent,tax,seller,seller_tax_number,issued_at',
  )
  const [note, receipt, ...more] = rowsOf(file)
  expect(more).toEqual([])
  const seller = `"'=HYPERLINK(""http://evil"")",12345678,`
  expect(note).toContain(`credit_note,C-${cinema_id}-`)
  expect(note).toContain(`,${reference},`)
  expect(note).toContain(`,UAH,200,ПДВ,20,33.33,${seller}`)
  expect(receipt).toContain(`,UAH,400,ПДВ,20,66.67,${seller}`)
  const { body } = await admin.get(`/api/v1/admin/audit?action=sales.exported&object_kind=receipts`)
  expect(body.items[0]).toMatchObject({ actor: `u:${admin.id}`, after: { cinema_id } })
})

test('the file has what its filters let through, and a thousand papers are not its end', async () => {
  const { cinema_id } = await house()
  const ask = async (query: string) => rowsOf(await admin.get(`${EXPORT}?cinema_id=${cinema_id}${query}`)).length
  const inAnHour = encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString())
  expect([await ask('&kind=receipt'), await ask(`&from=${inAnHour}`), await ask(`&to=${inAnHour}`)]).toEqual([1, 0, 2])
  await sql`alter table receipts drop constraint receipts_payment_id_key`.execute(db)
  await sql`
    insert into receipts (kind, cinema_id, year, number, order_id, payment_id, currency, amount_minor, seller, lines, taxes)
    select kind, cinema_id, 1999, n, order_id, payment_id, currency, amount_minor, seller, lines, taxes
    from receipts, generate_series(1, 1100) n where cinema_id = ${cinema_id} and kind = 'receipt'`.execute(db)
  const ids = rowsOf(await admin.get(`${EXPORT}?cinema_id=${cinema_id}`)).map((row) => Number(row.split(',')[0]))
  expect(ids).toHaveLength(1_102)
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => b - a))
})

test('only those see it who see the papers: managers at their cinemas, admins everywhere', async () => {
  const [mine, theirs] = [await house(), await house()]
  const manager = await someone('manager', [mine.cinema_id])
  const rows = rowsOf(await manager.get(EXPORT))
  expect(rows).toHaveLength(2)
  expect(rows.every((row) => row.includes(mine.reference))).toBe(true)
  expect((await manager.get(`${EXPORT}?cinema_id=${theirs.cinema_id}`)).status).toBe(403)
  for (const role of ['customer', 'cashier', 'moderator'] as const) expect((await (await as(role)).get(EXPORT)).status).toBe(403)
  expect((await anonymous.get(EXPORT)).status).toBe(401)
  for (const bad of ['kind=bill', 'from=yesterday', 'cinema_id=0', 'page=2'])
    expect(await admin.get(`${EXPORT}?${bad}`)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: `/${bad.split('=')[0]}` }] },
    })
})
