/**
 * What Fastify costs when it does nothing but give an answer that it has, and when it fetches that from PostgreSQL first:
 * `node bare-server.ts <folder> <database>`.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import pg from 'pg'

import type { createServer } from '../../apps/api/src/platform/http/server.ts'
import { type Answer, ANSWERS_TABLE } from './answers.ts'

// The same Fastify as the API's: it is that package's dependency.
const require = createRequire(new URL('../../apps/api/package.json', import.meta.url))
const fastify = require('fastify') as () => Awaited<ReturnType<typeof createServer>>['app']

const [folder = '.', connectionString] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 10 })
const app = fastify()
for (const name of ['list', 'detail']) {
  const { body, headers } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Answer
  const bytes = Buffer.from(body)
  app.get(`/${name}/:id`, async (_request, reply) => reply.headers(headers).send(bytes))
  app.get(`/body/${name}/:id`, async (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes))
  const query = { name, text: `select body from ${ANSWERS_TABLE} where name = $1`, values: [name] }
  app.get(`/stored/${name}/:id`, async (_request, reply) => {
    const { rows } = await pool.query<{ body: string }>(query)
    return reply.headers(headers).send(rows[0]?.body)
  })
}
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.((app.server.address() as AddressInfo).port)
process.on('disconnect', () => process.exit())
