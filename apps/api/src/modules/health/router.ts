import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sql } from 'kysely'
import { Type } from 'typebox'

import type { Db } from '#platform/db/kysely.ts'
import { problems, shape } from '#platform/http/schemas.ts'
import { version } from '#platform/version.ts'

const PATIENCE_MS = 2_000

const Check = Type.Enum(['ok', 'failed', 'off'])
export const Health = shape('Health', {
  status: Type.Enum(['ok', 'unavailable']),
  version: Type.String(),
  checks: Type.Object({ database: Check, jobs: Check, mail: Check, live: Check }, { additionalProperties: false }),
})

type Deps = { db: Db; jobsRunning: () => boolean; mailConfigured: boolean; hearsOthers: () => boolean }

const answersInTime = async (db: Db): Promise<boolean> => {
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS).unref())
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  )
  return Promise.race([asked, late])
}

export const healthRouter: FastifyPluginAsyncTypebox<Deps> = async (app, { db, jobsRunning, mailConfigured, hearsOthers }) => {
  const check = async () => {
    const database = await answersInTime(db)
    return {
      status: database ? ('ok' as const) : ('unavailable' as const),
      version,
      checks: {
        database: database ? ('ok' as const) : ('failed' as const),
        jobs: jobsRunning() ? ('ok' as const) : ('off' as const),
        mail: mailConfigured ? ('ok' as const) : ('off' as const),
        // Late maps of halls keep nobody from booking.
        live: hearsOthers() ? ('ok' as const) : ('failed' as const),
      },
    }
  }
  const schema = { tags: ['health'], response: { 200: Health, 503: Health, ...problems(422) } }

  for (const path of ['/health', '/health/ready'])
    app.get(path, { config: { access: 'public' }, schema: { ...schema, summary: 'Can it serve?' } }, async (_request, reply) => {
      const health = await check()
      return reply
        .code(health.status === 'ok' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(health)
    })

  app.get('/health/live', {
    config: { access: 'public' },
    schema: {
      tags: ['health'],
      summary: 'Is the process alive?',
      response: { 200: Type.Object({ status: Type.Enum(['ok']) }), ...problems(422) },
    },
    handler: async () => ({ status: 'ok' as const }),
  })
}
