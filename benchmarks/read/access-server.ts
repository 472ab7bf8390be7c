/** One session's page twice, behind the API's own door: `/public/1` for anybody, `/signed/1` for who is signed in. */
import type { AddressInfo } from 'node:net'

import { createBearers } from '../../apps/api/src/modules/auth/bearers.ts'
import { createTokens } from '../../apps/api/src/modules/auth/tokens.ts'
import { Session } from '../../apps/api/src/modules/sessions/schemas.ts'
import { findSession } from '../../apps/api/src/modules/sessions/shown.statement.ts'
import { systemClock } from '../../apps/api/src/platform/clock.ts'
import { loadConfig } from '../../apps/api/src/platform/config.ts'
import { createDb } from '../../apps/api/src/platform/db/kysely.ts'
import { openServer } from '../../apps/api/src/platform/db/pool.ts'
import type { Access } from '../../apps/api/src/platform/http/access.ts'
import { declareAccess } from '../../apps/api/src/platform/http/auth.ts'
import { createWebCookies } from '../../apps/api/src/platform/http/cookies.ts'
import { IdParams, ref } from '../../apps/api/src/platform/http/schemas.ts'
import { createServer } from '../../apps/api/src/platform/http/server.ts'
import { loadKeys } from '../../apps/api/src/platform/keys.ts'
import { createLog } from '../../apps/api/src/platform/log.ts'

const config = loadConfig()
const { tokens: keys } = loadKeys(config)
const database = openServer({ url: config.DATABASE_URL ?? '', size: config.DATABASE_POOL_SIZE })
const db = createDb(database.pool)
const tokens = createTokens({ keys, clock: systemClock, lifetimeSeconds: config.ACCESS_TOKEN_SECONDS })
const bearers = createBearers({ db, tokens })
await bearers.open(database)

const { app } = await createServer(config, createLog(config))
app.addSchema(Session)
declareAccess(app, {
  userByToken: bearers.actorOf,
  guestByToken: async () => undefined,
  orderByKey: () => undefined,
  ...createWebCookies(config),
})
const doors: [string, Access][] = [
  ['public', 'public'],
  ['signed', 'user'],
]
for (const [name, access] of doors)
  app.get<{ Params: { id: number } }>(`/${name}/:id`, {
    config: { access, reach: 'any' },
    schema: { params: IdParams, response: { 200: ref(Session) } },
    handler: (request) => findSession(db, request.params.id),
  })
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.((app.server.address() as AddressInfo).port)
process.on('disconnect', () => process.exit())
