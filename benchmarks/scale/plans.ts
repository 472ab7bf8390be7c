/** `npm run bench:plans -- --tickets 1e6`: how PostgreSQL answers what is asked most, at a size; `--write` keeps it in docs/plans.md. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { openServer, temporaryDirectory } from '../postgres.ts'
import { readCommit, table } from '../report.ts'
import { type Answered, askAll, complaintsOf } from './hot.ts'
import { keptScale, makeScale, readSizes } from './make.ts'
import { readSize, shortSize } from './shape.ts'

const DOCUMENT = fileURLToPath(new URL('../../docs/plans.md', import.meta.url))
const HEADING = '# Query plans'

const { values: args } = parseArgs({
  options: { tickets: { type: 'string', default: '1e6' }, kept: { type: 'string' }, write: { type: 'boolean', default: false } },
})

const overview = (answered: Answered[]) =>
  table(
    ['asked', 'statements', 'ms', 'pages', 'read whole'],
    answered.map(({ title, status, plans }) => [
      title,
      status < 300 ? String(plans.length) : `– (${status})`,
      plans.reduce((sum, { plan }) => sum + plan.ms, 0).toFixed(2),
      String(plans.reduce((sum, { plan }) => sum + plan.pages, 0)),
      [...new Set(plans.flatMap(({ plan }) => plan.scans))].join(', ') || '–',
    ]),
  )

const details = (answered: Answered[]) =>
  answered
    .filter(({ plans }) => plans.length > 0)
    .map(
      ({ title, plans }) => `### ${title}\n\n${plans.map(({ plan }) => `\`\`\`\n${plan.lines.join('\n')}\n\`\`\``).join('\n\n')}`,
    )
    .join('\n\n')

const main = async () => {
  const tickets = readSize(args.tickets)
  const directory = temporaryDirectory()
  const server = await openServer(process.env['DATABASE_URL'])
  try {
    const { url } = args.kept === undefined ? await makeScale(server, tickets) : keptScale(args.kept, tickets)
    const sizes = await readSizes(url)
    const answered = await askAll(url, directory)
    const rows = sizes.tables.slice(0, 6).map(({ name, rows: count }) => `${count} ${name}`)
    const head = [
      HEADING,
      `How PostgreSQL answers what people ask most; what follows from it stands in [performance.md](performance.md). Written by \`npm run bench:plans -- --tickets ${args.tickets} --write\` on ${new Date().toISOString().slice(0, 10)}, commit ${readCommit()}, PostgreSQL ${server.settings['server_version'] ?? '?'}.`,
      `At ${shortSize(tickets)} tickets: ${rows.join(', ')}; ${(sizes.database / 2 ** 20).toFixed(0)} MB. *Pages* are of 8 KiB, from memory or disk; *read whole* names tables without an index's help.`,
      overview(answered),
    ].join('\n\n')
    console.log(`\n${head}\n\n${details(answered)}\n`)
    const complaints = complaintsOf(answered)
    for (const line of complaints) console.error(line)
    if (complaints.length > 0) process.exitCode = 1
    if (!args.write) return
    writeFileSync(DOCUMENT, `${head}\n\n${details(answered)}\n`)
  } finally {
    await server.close()
  }
}

await main()
