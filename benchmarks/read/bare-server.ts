/** What Fastify costs when it does nothing but answer bytes that it has: `node bare-server.ts <folder>`. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import type { createServer } from '../../apps/api/src/platform/http/server.ts'

// The same Fastify as the API's: it is that package's dependency.
const require = createRequire(new URL('../../apps/api/package.json', import.meta.url))
const fastify = require('fastify') as () => Awaited<ReturnType<typeof createServer>>['app']

const folder = process.argv[2] ?? '.'
const app = fastify()
for (const name of ['list', 'detail']) {
  const bytes = readFileSync(join(folder, `${name}.json`))
  app.get(`/${name}/:id`, async (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes))
}
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.((app.server.address() as AddressInfo).port)
process.on('disconnect', () => process.exit())
