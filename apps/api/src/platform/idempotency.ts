import { createHash } from 'node:crypto'

import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { Type } from 'typebox'

import type { Db, Tx } from './db/kysely.ts'
import { transaction } from './db/kysely.ts'
import { AppError } from './errors.ts'
import { actorKey } from './http/access.ts'
import { holderOf } from './http/auth.ts'

/** A repeatable request: who sent it, under which key, and exactly what it asked. */
export type Attempt = { actor: string; key: string; method: string; path: string; body_hash: string }
/** What the request made; the answer is built from it, now and at every repeat. */
export type Outcome = { status: number; kind: 'order' | 'payment' | 'ticket' | 'session' | 'swap'; id: number }

export const IdempotencyHeaders = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 255 })) })

/** Undefined when the client sent no `Idempotency-Key`. */
export const attemptOf = (request: FastifyRequest): Attempt | undefined => {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return undefined
  // With its query: `?cancel=true` is another wish.
  const path = request.url.replace(/^\/api\/v1/, '')
  const body_hash = createHash('sha256')
    .update(JSON.stringify(request.body ?? null))
    .digest('base64url')
  return { actor: actorKey(holderOf(request)), key, method: request.method, path, body_hash }
}

const keyReused = () =>
  new AppError(422, 'idempotency.key_reused', 'This Idempotency-Key was used for another request. Take a new one.')

/** The outcome of an earlier request with this key, or undefined; the same key for another request is refused. */
export const findOutcome = async (db: Db, attempt: Attempt): Promise<Outcome | undefined> => {
  const row = await db
    .selectFrom('idempotency_keys')
    .select(['method', 'path', 'body_hash', 'status', 'resource_kind', 'resource_id'])
    .where('actor', '=', attempt.actor)
    .where('key', '=', attempt.key)
    .executeTakeFirst()
  if (!row) return undefined
  if (row.method !== attempt.method || row.path !== attempt.path || row.body_hash !== attempt.body_hash) throw keyReused()
  return { status: row.status ?? 200, kind: row.resource_kind as Outcome['kind'], id: row.resource_id ?? 0 }
}

const KEY_TAKEN = Symbol('key taken')

const claimKey = async (tx: Tx, { actor, key, method, path, body_hash }: Attempt) => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('idempotency_keys')
    .values({ actor, key, method, path, body_hash })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw KEY_TAKEN
}

/** Stores what the key's request made; a request in two steps calls it again with the second. */
export const putOutcome = (tx: Tx, attempt: Attempt, { status, kind, id }: Outcome) => {
  const outcome = { status, resource_kind: kind, resource_id: id }
  return tx
    .insertInto('idempotency_keys')
    .values({ ...attempt, ...outcome })
    .onConflict((conflict) => conflict.columns(['actor', 'key']).doUpdateSet(outcome))
    .execute()
}

/**
 * Runs a change once for its key: key and effect are one transaction, so a crash leaves both or neither, and a
 * rival with the same key waits in the database until the first has ended. Without an attempt it just runs.
 */
export const once = async (db: Db, attempt: Attempt | undefined, effect: (tx: Tx) => Promise<Outcome>): Promise<Outcome> => {
  if (!attempt) return transaction(db, effect)
  const earlier = await findOutcome(db, attempt)
  if (earlier) return earlier
  try {
    return await transaction(db, async (tx) => {
      await claimKey(tx, attempt)
      const outcome = await effect(tx)
      await putOutcome(tx, attempt, outcome)
      return outcome
    })
  } catch (error) {
    if (error !== KEY_TAKEN) throw error
    const rival = await findOutcome(db, attempt)
    if (rival) return rival
    throw new AppError(409, 'idempotency.in_progress', 'The first request with this key is still running.', { retry_after: 1 })
  }
}

const KEY_LIFETIME = sql<Date>`app.now() - interval '24 hours'`

export const forgetOldKeys = (db: Db) => db.deleteFrom('idempotency_keys').where('created_at', '<', KEY_LIFETIME).execute()
