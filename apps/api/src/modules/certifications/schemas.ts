import { type Static, Type } from 'typebox'

import { listOf, pageQuery } from '#platform/http/pagination.ts'
import { Id, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

const fields = {
  name: Type.String({ maxLength: 20, pattern: '\\S', examples: ['12+', 'PG-13'] }),
  min_age: Type.Integer({ minimum: 0, maximum: 21, description: 'Years. 0: for everybody.' }),
}

export const CertificationCreate = shape('CertificationCreate', { ...fields, min_age: Type.Optional(fields.min_age) })
export type CertificationCreate = Static<typeof CertificationCreate>

export const CertificationUpdate = shape('CertificationUpdate', {
  name: Type.Optional(fields.name),
  min_age: Type.Optional(fields.min_age),
})
export type CertificationUpdate = Static<typeof CertificationUpdate>

/** A certification as its movies show it. */
export const CertificationSummary = shape('CertificationSummary', { id: Id, ...fields })
export type CertificationSummary = Static<typeof CertificationSummary>

export const Certification = shape('Certification', { id: Id, ...fields, created_at: Timestamp, updated_at: Timestamp })
export type Certification = Static<typeof Certification>

export const CertificationList = listOf('CertificationList', ref(Certification))
export const CertificationQuery = Type.Object(pageQuery, strict)
export type CertificationQuery = Static<typeof CertificationQuery>

export const certificationsShapes: object[] = [
  CertificationCreate,
  CertificationUpdate,
  CertificationSummary,
  Certification,
  CertificationList,
]
