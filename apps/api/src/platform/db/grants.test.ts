import pg from 'pg'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'

import { createApp } from '#app'
import { prepareJobs } from '#platform/jobs.ts'
import { createLog } from '#platform/log.ts'
import { startTestApp } from '#testing/app.ts'
import { signInOf } from '#testing/factories.ts'
import { migrate } from './migrate.ts'
import { openServer } from './pool.ts'

const owner = await startTestApp()
const LOGIN = `marquee_server_${process.pid}`
await prepareJobs({ database: owner.database, log: pino({ level: 'silent' }) })
await owner.pool.query(`create role ${LOGIN} login password 'of a test' in role marquee_app`)

const address = new URL(owner.database.url)
address.username = LOGIN
address.password = 'of a test'
const database = openServer({ url: address.href, size: 5 })
const log = createLog({ ...owner.config, LOG_LEVEL: 'silent' })
const app = await createApp({ config: owner.config, database, keys: owner.keys, log })
afterAll(async () => {
  await app.close()
  await database.close()
  await owner.pool.query(`drop owned by ${LOGIN}`).catch(() => undefined)
  await owner.pool.query(`drop role ${LOGIN}`)
})

const call = async (
  id: number,
  role: 'customer' | 'admin' | 'manager',
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  url: string,
  payload?: object,
) => {
  const authorization = `Bearer ${await owner.tokens.sign({ id, role, sign_in: signInOf(id) })}`
  const reply = await app.server.inject({ method, url: `/api/v1${url}`, headers: { authorization }, ...(payload && { payload }) })
  return { status: reply.statusCode, body: reply.body ? JSON.parse(reply.body) : undefined }
}

test('Q-30: a server with the rights of marquee_app starts, sells, refunds, does its jobs and keeps its audit log', async () => {
  expect(await migrate(database.pool)).toEqual([])
  await app.open()
  const [customer, admin, manager] = [
    await owner.given.user(),
    await owner.given.user({ role: 'admin' }),
    await owner.given.user({ role: 'manager' }),
  ]
  const session = await owner.given.session({ seats: 2 })
  const bought = await call(customer.id, 'customer', 'POST', '/tickets/purchase', {
    event_id: session.id,
    seat_id: session.seat_ids[0],
    card_token: 'tok_ok',
  })
  expect(bought).toMatchObject({ status: 201 })
  expect(await call(customer.id, 'customer', 'POST', `/tickets/${bought.body.id}/cancel`, {})).toMatchObject({ status: 200 })
  expect(await call(admin.id, 'admin', 'PUT', `/admin/users/${customer.id}/group`, { role: 'moderator' })).toMatchObject({
    status: 200,
  })
  expect(await call(manager.id, 'manager', 'PATCH', `/sessions/${session.id}`, { base_price: 90 })).toMatchObject({ status: 200 })
  expect(await call(manager.id, 'manager', 'POST', '/genres', { name: 'Noir' })).toMatchObject({ status: 201 })
  await app.audit.seal()
  await app.checkout.sweep.expire()
  await app.checkout.sweep.reap()
  await app.work()
  expect(await call(admin.id, 'admin', 'GET', '/admin/audit')).toMatchObject({ status: 200, body: { total: expect.any(Number) } })
})

test('R-003, Q-30: the same rights change neither the audit log nor the roles, the ledger of migrations or the schema', async () => {
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  try {
    for (const deed of [
      'update audit_log set actor = actor',
      'delete from audit_log',
      'truncate audit_log',
      'delete from audit_seals',
      'update audit_seals set position = position',
      'alter table audit_log disable trigger all',
      'drop trigger audit_log_only_grows on audit_log',
      'drop table audit_log',
      'set session_replication_role = replica',
      `insert into role_permissions (role, permission) values ('customer', 'users.manage')`,
      `update roles set is_everywhere = true`,
      'delete from schema_migrations',
      'create table mine (id int)',
      'create role another',
      `copy (select 1) to program 'true'`,
    ])
      await expect(client.query(deed)).rejects.toMatchObject({ code: '42501' })
  } finally {
    await client.end()
  }
})
