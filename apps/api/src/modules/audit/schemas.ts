import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const Facts = Nullable(Type.Record(Type.String(), Type.Unknown()))

export const AuditEntry = shape('AuditEntry', {
  id: Id,
  at: Timestamp,
  actor: Type.String({ description: '`u:5` is the user 5; `database:…` did it past the server, `system` is a job.' }),
  actor_name: Nullable(Type.String()),
  role: Nullable(Type.String()),
  action: Type.String(),
  object_kind: Type.String(),
  object_id: Nullable(Type.String()),
  before: Facts,
  after: Facts,
  operation: Nullable(Type.String()),
  request_id: Nullable(Type.String()),
  ip: Nullable(Type.String()),
  sealed: Type.Boolean({ description: 'Whether it is in the chain of hashes yet; that takes some seconds.' }),
})
export type AuditEntry = Static<typeof AuditEntry>
export const AuditList = cursorListOf('AuditList', ref(AuditEntry))

const Word = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\p{Cc}\\p{Cs}]+$' })
const Moment = Type.String({ format: 'date-time' })

const filters = {
  actor: Type.Optional(Type.String({ ...Word, description: 'As entries name it: `u:5`.' })),
  action: Type.Optional(Type.String({ ...Word, description: 'As entries name it: `users.changed`.' })),
  object_kind: Type.Optional(Word),
  object_id: Type.Optional(Word),
  request_id: Type.Optional(Word),
  from: Type.Optional(Moment),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Before this moment.' })),
}

export const AuditQuery = Type.Object({ ...filters, ...cursorQuery }, strict)
export type AuditQuery = Static<typeof AuditQuery>
export const AuditFilter = Type.Object(filters, strict)
export type AuditFilter = Static<typeof AuditFilter>

export const auditShapes: object[] = [AuditEntry, AuditList]
