import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { as, someone, given, anonymous, server } = await startTestApp()
const manager = await as('manager')
const types = '/api/v1/ticket-types'

const VETERAN = {
  code: 'veteran',
  names: { uk: 'Ветеран', ru: 'Ветеран', en: 'Veteran' },
  who_may_buy: { uk: 'Ветерани з посвідченням', ru: 'Ветераны с удостоверением', en: 'Veterans with their card' },
}
let serial = 0
const make = async (wish: object = {}) => {
  serial += 1
  return (await manager.post(types, { ...VETERAN, code: `veteran_${serial}`, ...wish })).body
}
const buy = async (session_id: number, seat_id: number | undefined, ticket_type: string) =>
  (await someone()).post('/api/v1/tickets', { session_id, seat_ids: [seat_id], ticket_type })

test('everybody reads the types of tickets and who may buy them', async () => {
  const { status, body } = await anonymous.get(types)
  expect(status).toBe(200)
  const codes = body.items.map(({ code }: { code: string }) => code)
  expect(codes.slice(0, 5)).toEqual(['adult', 'child', 'student', 'senior', 'companion'])
  expect(body.items[0]).toMatchObject({ is_default: true, percent_off: 0, seat_types: null })
  expect(body.items[2]).toMatchObject({
    names: { uk: 'Студентський', ru: 'Студенческий', en: 'Student' },
    who_may_buy: { en: 'Students with a valid student card' },
    needs_proof: true,
  })
  expect(await anonymous.get(`${types}/${body.items[4].id}`)).toMatchObject({
    body: { code: 'companion', seat_types: ['companion'] },
  })
  expect(await anonymous.get(`${types}/999999`)).toMatchObject({ status: 404, body: { code: 'pricing.type_not_found' } })
})

test('a new type is sold at once, at its part of the price', async () => {
  const session = await given.session({ seats: 4 })
  expect(await buy(session.id, session.seat_ids[0], 'veteran_of_none')).toMatchObject({ status: 422 })
  const type = await make({ percent_off: 12.5, needs_proof: true })
  expect(type).toMatchObject({ is_default: false, is_active: true, position: 100 })
  expect((await buy(session.id, session.seat_ids[0], type.code)).body).toMatchObject({ ticket_type: type.code, price: 175 })
  expect(await manager.patch(`${types}/${type.id}`, { percent_off: 50 })).toMatchObject({ status: 200 })
  expect((await buy(session.id, session.seat_ids[3], type.code)).body).toMatchObject({ price: 100 })
})

test('a type that is retired is sold no more, and tickets that have it keep it', async () => {
  const session = await given.session({ seats: 4 })
  const type = await make()
  const { body: ticket } = await buy(session.id, session.seat_ids[0], type.code)
  expect(await manager.delete(`${types}/${type.id}`)).toMatchObject({ status: 200, body: { is_active: false } })
  expect(await buy(session.id, session.seat_ids[3], type.code)).toMatchObject({
    status: 422,
    body: { code: 'pricing.unknown_ticket_type', errors: [{ pointer: '/ticket_type' }] },
  })
  const seen = await manager.get(`/api/v1/tickets/${ticket.id}`)
  expect(seen.body.ticket_type).toBe(type.code)
  expect((await anonymous.get(`${types}?is_active=false`)).body.items).toContainEqual(expect.objectContaining({ id: type.id }))
  expect(await manager.patch(`${types}/${type.id}`, { is_active: true })).toMatchObject({ status: 200 })
})

test('the default type costs the full price for ever, and for every seat', async () => {
  const [adult] = (await anonymous.get(types)).body.items
  const refused = { status: 409, body: { code: 'pricing.default_type' } }
  expect(await manager.delete(`${types}/${adult.id}`)).toMatchObject(refused)
  expect(await manager.patch(`${types}/${adult.id}`, { percent_off: 5 })).toMatchObject(refused)
  expect(await manager.patch(`${types}/${adult.id}`, { seat_types: ['vip'] })).toMatchObject(refused)
  expect(await manager.patch(`${types}/${adult.id}`, { position: 1 })).toMatchObject({ status: 200 })
})

test('a change of nothing changes nothing, with a byte order mark before it or not', async () => {
  const type = await make()
  const [name, method, headers] = [
    `${types}/${type.id}`,
    'PATCH',
    { ...manager.headers, 'content-type': 'application/json' },
  ] as const
  for (const payload of ['{}', '\uFEFF{}']) {
    const reply = await server.inject({ method, url: name, headers, payload })
    expect([reply.statusCode, reply.json()]).toEqual([200, type])
  }
})

test('a code is given once, and what cannot be is refused by name', async () => {
  expect(await manager.post(types, { ...VETERAN, code: 'child' })).toMatchObject({
    status: 409,
    body: { code: 'pricing.code_taken' },
  })
  expect(await manager.post(types, { ...VETERAN, code: 'In Valid' })).toMatchObject({ status: 422 })
  expect(await manager.post(types, { ...VETERAN, names: { en: 'Veteran' } })).toMatchObject({ status: 422 })
  expect(await manager.post(types, { ...VETERAN, code: 'veteran_precise', percent_off: 33.333 })).toMatchObject({
    status: 422,
    body: { code: 'pricing.too_precise' },
  })
  expect(await manager.patch(`${types}/999999`, { position: 2 })).toMatchObject({ status: 404 })
})

test('customers, cashiers and strangers change no types', async () => {
  for (const person of [await as('customer'), await as('cashier'), await as('moderator')]) {
    expect(await person.post(types, VETERAN)).toMatchObject({ status: 403 })
    expect(await person.patch(`${types}/2`, { percent_off: 99 })).toMatchObject({ status: 403 })
    expect(await person.delete(`${types}/2`)).toMatchObject({ status: 403 })
  }
  expect(await anonymous.post(types, VETERAN)).toMatchObject({ status: 401 })
})
