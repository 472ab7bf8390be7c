import { test } from 'vitest'
import { createStage } from './stage.ts'
import { runRace } from './race.ts'
import { reserveRaces } from './reserve.races.ts'
import { payRaces } from './pay.races.ts'
test('plans', async () => {
  const stage = await createStage()
  for (const race of [reserveRaces[0], payRaces[0]]) console.log(JSON.stringify(await runRace(race as never, stage)))
  const clients = await Promise.all(Array.from({ length: 20 }, () => stage.app.pool.connect()))
  for (const c of clients.slice(0, 3)) {
    console.log(JSON.stringify((await c.query('select name, generic_plans, custom_plans from pg_prepared_statements')).rows))
  }
  for (const c of clients) c.release()
  const { rows } = await stage.app.pool.query(`select 1`)
  const s = await stage.seats(1)
  const t0 = performance.now()
  for (let i = 0; i < 200; i += 1) { const b = await stage.someone(); const q = await stage.seats(1); await stage.reserve(b, q.session_id, q.seat_ids) }
  console.log('sequential reserve ms', (performance.now() - t0) / 200, rows.length, s.session_id)
  const client = await stage.app.pool.connect()
  await client.query('load \'auto_explain\''); await client.query('set auto_explain.log_min_duration = 0'); await client.query('set auto_explain.log_analyze = on');await client.query('set auto_explain.log_nested_statements = on')
  client.release()
  for (let i = 0; i < 3; i += 1) { const b = await stage.someone(); const q = await stage.seats(1); await stage.reserve(b, q.session_id, q.seat_ids) }
  const { readServerLog } = await import('../lib/deadlocks.ts')
  const { writeFileSync } = await import('node:fs')
  await new Promise((r) => setTimeout(r, 300))
  writeFileSync('/tmp/pg.log', readServerLog())
})
