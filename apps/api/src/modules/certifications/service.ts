import { type Db, violated } from '#platform/db/kysely.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { certificationNotFound, certificationTaken } from './errors.ts'
import * as repository from './repository.ts'
import type { Certification, CertificationCreate, CertificationQuery, CertificationUpdate } from './schemas.ts'

const named = (error: unknown) => (violated(error) === 'certifications_name_key' ? certificationTaken() : error)

const cleaned = <T extends CertificationUpdate>(body: T): T =>
  body.name === undefined ? body : { ...body, name: body.name.trim() }

export const createCertificationsService = ({ db }: { db: Db }) => ({
  list: async (query: CertificationQuery) => {
    const page = readPage(query)
    const [items, total] = await Promise.all([repository.listCertifications(db, page), repository.countCertifications(db)])
    return toList<Certification>(items, total, page)
  },

  get: async (id: number): Promise<Certification> => {
    const certification = await repository.findCertification(db, id)
    if (!certification) throw certificationNotFound()
    return certification
  },

  create: async (body: CertificationCreate): Promise<Certification> => {
    try {
      return await repository.insertCertification(db, cleaned(body))
    } catch (error) {
      throw named(error)
    }
  },

  update: async (id: number, body: CertificationUpdate): Promise<Certification> => {
    try {
      const certification = await repository.updateCertification(db, id, cleaned(body))
      if (!certification) throw certificationNotFound()
      return certification
    } catch (error) {
      throw named(error)
    }
  },

  /** Its id, held until the transaction ends; undefined when there is none such. */
  hold: async (tx: Db, by: { id: number } | { name: string }) => (await repository.holdCertification(tx, by))?.id,
})
export type CertificationsService = ReturnType<typeof createCertificationsService>
