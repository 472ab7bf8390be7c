import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { openMailbox } from '#testing/mailbox.ts'

const { as, given, db, checkout, directory } = await startTestApp()
const [customer, manager] = [await as('customer'), await as('manager')]

const path = (id: number, rest = '') => `/api/v1/sessions/${id}${rest}`
const later = async (id: number, hours: number) =>
  new Date(new Date((await manager.get(path(id))).body.start_time).getTime() + hours * 3_600_000).toISOString()
const buy = async ({ id, seat_ids }: { id: number; seat_ids: number[] }, email: string) => {
  const { body } = await customer.post('/api/v1/tickets', { session_id: id, seat_ids: seat_ids.slice(0, 1) })
  await customer.post(`/api/v1/orders/${body.order.id}/pay`, { card_token: 'tok_ok', email })
  await db.updateTable('orders').set({ locale: 'en' }).where('id', '=', body.order.id).execute()
}
const NOTICE = 'The director comes at seven.\nStay for a talk with her.'

test('R-119: what staff say when they move a session stands in the mail of this move, in the preview and in the history', async () => {
  const session = await given.session()
  await buy(session, 'notice@marquee.test')
  const start_time = await later(session.id, 2)
  expect(await manager.post(path(session.id, '/move-preview'), { start_time, notice: ` ${NOTICE} ` })).toMatchObject({
    status: 200,
    body: { orders: 1, notice: NOTICE },
  })
  expect((await manager.get(path(session.id, '/changes'))).body.items).toEqual([])
  expect(await manager.patch(path(session.id), { start_time, notice: ` ${NOTICE} ` })).toMatchObject({ status: 200 })
  await manager.patch(path(session.id), { start_time: await later(session.id, 1) })
  const { rows } = await sql<{ data: never }>`
    select data from pgboss.job where name = 'mail.order' and data ->> 'kind' = 'session_moved' order by (data ->> 'move_id')::bigint`.execute(
    db,
  )
  for (const { data } of rows) await checkout.orderMail(data)
  const letters = openMailbox(directory).find('notice@marquee.test', 'session_moved')
  expect(letters.map(({ text }) => text.includes(`A word from the cinema: ${NOTICE}`)).toSorted()).toEqual([false, true])
  expect((await manager.get(path(session.id, '/changes'))).body.items).toMatchObject([
    { kind: 'moved', notice: null },
    { kind: 'moved', notice: NOTICE },
  ])
})

test('R-119: what staff say when they cancel a session stands in the mail and in the history; the reason in neither', async () => {
  const session = await given.session()
  await buy(session, 'off@marquee.test')
  for (const notice of ['', '  ', 'x'.repeat(501)])
    expect(await manager.post(path(session.id, '/cancel'), { notice })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/notice' }] },
    })
  const said = { reason: 'Lamp 7 again', notice: ` ${NOTICE} ` }
  expect(await manager.post(path(session.id, '/cancel'), said)).toMatchObject({ status: 200, body: { tickets: { left: 1 } } })
  await checkout.cancelledSessions.run(session.id)
  const { rows } = await sql<{ data: never }>`
    select data from pgboss.job where name = 'mail.order' and data ->> 'kind' = 'session_cancelled'`.execute(db)
  for (const { data } of rows) await checkout.orderMail(data)
  const [letter] = openMailbox(directory).find('off@marquee.test', 'session_cancelled')
  expect(letter?.text).toContain(`A word from the cinema: ${NOTICE}`)
  expect(letter?.text).not.toContain('Lamp 7')
  expect((await manager.get(path(session.id, '/changes'))).body.items).toMatchObject([{ kind: 'cancelled', notice: NOTICE }])
})

test('a notice that nobody would read is refused, or said to have no readers', async () => {
  const session = await given.session()
  const start_time = await later(session.id, 1)
  expect(await manager.post(path(session.id, '/move-preview'), { start_time, notice: NOTICE })).toMatchObject({
    status: 200,
    body: { orders: 0, notice: null },
  })
  const refused = { status: 422, body: { code: 'sessions.notice_without_move', errors: [{ pointer: '/notice' }] } }
  expect(await manager.patch(path(session.id), { base_price: 250, notice: NOTICE })).toMatchObject(refused)
  expect(await manager.post(path(session.id, '/move-preview'), { notice: NOTICE })).toMatchObject(refused)
  for (const notice of ['', '  ', 'x'.repeat(501)])
    expect(await manager.put(path(session.id), { start_time, notice })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/notice' }] },
    })
  expect(await customer.patch(path(session.id), { start_time, notice: NOTICE })).toMatchObject({ status: 403 })
  expect((await manager.get(path(session.id))).body.base_price).toBe(200)
})
