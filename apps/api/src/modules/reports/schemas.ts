import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const reportKinds = ['sales_by_day', 'sales_by_movie', 'sales_by_cinema'] as const
const reportFormats = ['csv', 'json'] as const
const reportStatuses = ['pending', 'done', 'failed'] as const

const ReportKind = Type.Enum([...reportKinds])
export type ReportKindName = Static<typeof ReportKind>
const ReportFormat = Type.Enum([...reportFormats])
const Day = Type.String({ format: 'date' })

export const ReportCreate = shape(
  'ReportCreate',
  {
    kind: ReportKind,
    from: Type.String({ format: 'date', description: 'The first business day of the sessions.' }),
    to: Type.String({ format: 'date', description: 'The last one.' }),
    cinema_id: Type.Optional(Nullable(Id)),
    format: Type.Enum([...reportFormats], { default: 'csv' }),
  },
  { kind: 'sales_by_day', from: '2026-01-01', to: '2026-01-31', format: 'csv' },
)
export type ReportCreate = Static<typeof ReportCreate>

export const Report = shape('Report', {
  id: Id,
  kind: ReportKind,
  format: ReportFormat,
  from: Day,
  to: Day,
  cinema_id: Nullable(Id),
  status: Type.Enum([...reportStatuses]),
  size_bytes: Nullable(Type.Integer()),
  error: Nullable(Type.String()),
  requested_by: Nullable(Id),
  created_at: Timestamp,
  generated_at: Nullable(Timestamp),
})
export type Report = Static<typeof Report>
export const ReportList = cursorListOf('ReportList', ref(Report))

export const ReportQuery = Type.Object(cursorQuery, strict)
export type ReportQuery = Static<typeof ReportQuery>

export const reportsShapes: object[] = [ReportCreate, Report, ReportList]
