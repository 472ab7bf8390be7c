/** `npm run bench:scale -- --tickets 1e6 [--keep]`: makes a database of that size and looks whether it makes sense. */
import { parseArgs } from 'node:util'

import { openServer, temporaryDirectory } from '../postgres.ts'
import { table } from '../report.ts'
import { checkInvariants } from '../verify.ts'
import { makeScale, readSizes } from './make.ts'
import { readSize, shapeOf } from './shape.ts'

const { values } = parseArgs({
  options: { tickets: { type: 'string', default: '1e6' }, keep: { type: 'boolean', default: false } },
})

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`

const main = async () => {
  const tickets = readSize(values.tickets)
  if (values.keep && !process.env['DATABASE_URL'])
    throw new Error('--keep needs DATABASE_URL: a server of our own goes with its databases.')
  console.log(
    Object.entries(shapeOf(tickets))
      .map(([name, value]) => `${name} ${Number(value.toFixed(2))}`)
      .join(', '),
  )
  const server = await openServer(process.env['DATABASE_URL'], { keep: values.keep })
  try {
    const { url, name, seconds } = await makeScale(server, tickets)
    const { tables, database } = await readSizes(url)
    const rows = tables.map((one) => [one.name, String(one.rows), megabytes(one.heap), megabytes(one.indexes)])
    console.log(`\n${table(['table', 'rows', 'heap', 'indexes'], rows)}\n`)
    console.log(`${name}: ${megabytes(database)} in ${seconds.toFixed(0)} s`)
    const { sound, detail } = checkInvariants(url, temporaryDirectory())
    console.log(`${sound ? '✓' : '✗'} npm run check:invariants: ${detail}`)
    if (values.keep) console.log(`Kept as ${name}.`)
    if (!sound) process.exitCode = 1
  } finally {
    await server.close()
  }
}

await main()
