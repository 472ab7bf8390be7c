import { expect, test } from 'vitest'

import { connect, openServer, temporaryDirectory } from '../../../../benchmarks/postgres.ts'
import { askAll, complaintsOf } from '../../../../benchmarks/scale/hot.ts'
import { makeScale } from '../../../../benchmarks/scale/make.ts'
import { SMALLEST } from '../../../../benchmarks/scale/shape.ts'

const DROP_INDEXES = `
  do $$ declare name text; begin
    for name in select indexrelid::regclass::text from pg_index
      where indrelid = 'tickets'::regclass and not exists (select from pg_constraint where conindid = indexrelid)
    loop execute 'drop index ' || name; end loop;
  end $$`

test('R-228: nothing that is asked often reads all tickets or orders, or what belongs to them; without the indexes it would be told', async ({
  onTestFinished,
}) => {
  const server = await openServer(process.env['DATABASE_URL'])
  onTestFinished(() => server.close())
  const { url, tickets } = await makeScale(server, SMALLEST, () => undefined)
  const answered = await askAll(url, temporaryDirectory())
  console.log(`${tickets} tickets: ${answered.length} questions, ${answered.flatMap(({ plans }) => plans).length} statements.`)
  expect(complaintsOf(answered)).toEqual([])
  expect(answered.filter(({ plans }) => plans.length === 0)).toEqual([])

  const client = await connect(url)
  await client.query(DROP_INDEXES)
  await client.end()
  expect(complaintsOf(await askAll(url, temporaryDirectory()))).toContain('My tickets reads tickets whole.')
})
