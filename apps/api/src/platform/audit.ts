import { currentCaller } from './caller.ts'
import type { Db } from './db/kysely.ts'

export type AuditEvent = {
  /** `<noun>.<what happened>`. */
  action: string
  object_kind: string
  object_id: number | string | null
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  /** When it is somebody else than the caller of this request. */
  actor?: string
}

const asJson = (facts: Record<string, unknown> | undefined) => (facts === undefined ? null : JSON.stringify(facts))

/**
 * Adds to the audit log what no trigger sees, on the transaction of the change. Rows of users, roles, assignments and of
 * the house are added by the database itself.
 */
export const recordEvent = async (
  db: Db,
  { action, object_kind, object_id, before, after, actor }: AuditEvent,
): Promise<void> => {
  const { actor: caller, ...rest } = currentCaller() ?? { actor: 'system' }
  await db
    .insertInto('audit_log')
    .values({
      ...rest,
      actor: actor ?? caller,
      action,
      object_kind,
      object_id: object_id === null ? null : String(object_id),
      before: asJson(before),
      after: asJson(after),
    })
    .execute()
}
