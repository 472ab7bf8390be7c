import { recordEvent } from '#platform/audit.ts'
import { exportRows } from '#platform/csv.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { Log } from '#platform/log.ts'
import * as repository from './repository.ts'
import type { AuditEntry, AuditFilter, AuditQuery } from './schemas.ts'

const SEALED_AT_ONCE = 500
const EXPORTED_AT_ONCE = 1_000
const COLUMNS = 'id at actor actor_name role action object_kind object_id before after operation request_id ip sealed'.split(' ')

export const createAuditService = ({ db, log }: { db: Db; log: Log }) => ({
  list: async ({ page, size, skip, limit, cursor, ...filter }: AuditQuery) => {
    const question = { list: 'audit', of: filter, order: repository.newestFirst }
    const window = readCursorPage(question, { page, size, skip, limit, cursor })
    const [rows, total] = await repository.listEntries(db, filter, window)
    return toCursorList<AuditEntry>(rows, total, window)
  },

  /** All that fits, piece by piece, however much it is; whoever takes it away is written down first. */
  export: (filter: AuditFilter): AsyncGenerator<string> =>
    exportRows(COLUMNS, EXPORTED_AT_ONCE, (last) =>
      repository.listBehind(db, filter, last === 0 ? Number.MAX_SAFE_INTEGER : last, EXPORTED_AT_ONCE),
    ),
  noteExport: (filter: AuditFilter) =>
    recordEvent(db, { action: 'audit.exported', object_kind: 'audit_log', object_id: null, after: { ...filter } }),

  /** Puts what waits into the chain. The last hash goes to the log, where the database cannot reach it. */
  seal: async (): Promise<void> => {
    for (;;) {
      const { sealed, last_position, last_hash } = await transaction(db, (tx) => repository.sealSome(tx, SEALED_AT_ONCE))
      if (sealed > 0) log.info({ position: last_position, hash: last_hash }, 'audit log sealed')
      if (sealed < SEALED_AT_ONCE) return
    }
  },
})
export type AuditService = ReturnType<typeof createAuditService>
