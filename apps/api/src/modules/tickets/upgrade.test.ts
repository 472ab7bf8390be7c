import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { createSearchService } from '#modules/search/service.ts'
import { createDb } from '#platform/db/kysely.ts'
import { migrate, readMigrations } from '#platform/db/migrate.ts'
import { openTestEmbedded } from '#testing/embedded.ts'

test('an upgrade gives tickets used before it their entry, and old movies are found after the first start', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'marquee-upgrade-'))
  const { pool, close } = await openTestEmbedded(directory)
  try {
    const migrations = readMigrations()
    await migrate(
      pool,
      migrations.filter(({ name }) => name < '0012'),
    )
    await pool.query(`set session_replication_role = replica`)
    await pool.query(`insert into movies (title, duration_minutes) values ('Тіні забутих предків', 97)`)
    await pool.query(`
      insert into tickets (session_id, seat_id, order_id, seat_row, seat_number, seat_type, price_minor, final_price_minor, booking_reference, status)
      select 1, n, 1, '1', n, 'standard', 0, 0, 'OLD' || n, case n when 1 then 'used' else 'paid' end::ticket_status from generate_series(1, 2) n`)
    await pool.query(`insert into ticket_events (ticket_id, status, actor) values (1, 'paid', 'system'), (1, 'used', 'u:7')`)
    await migrate(pool, migrations)
    expect((await pool.query('select ticket_id, direction, device, actor, ended_at from check_ins')).rows).toEqual([
      { ticket_id: 1, direction: 'entry', device: 'before check-ins', actor: 'u:7', ended_at: null },
    ])
    await pool.query(`set session_replication_role = origin`)
    const search = createSearchService({ db: createDb(pool) })
    expect(await search.suggest('тіні')).toMatchObject({ movies: [] })
    expect(await search.fill()).toBe(1)
    expect(await search.suggest('тини')).toMatchObject({ movies: [{ title: 'Тіні забутих предків' }] })
  } finally {
    await close()
    rmSync(directory, { recursive: true, force: true })
  }
}, 60_000)
