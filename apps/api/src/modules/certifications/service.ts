import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import { type Match, meet } from '#platform/http/etag.ts'
import { readPage, toList } from '#platform/http/pagination.ts'
import { cleanName } from '#platform/text.ts'
import { certificationInUse, certificationNotFound, certificationTaken } from './errors.ts'
import * as repository from './repository.ts'
import type { Certification, CertificationCreate, CertificationQuery, CertificationUpdate } from './schemas.ts'

const named = (error: unknown) => (violated(error)?.endsWith('_name_key') ? certificationTaken() : error)

const cleaned = <T extends CertificationUpdate>(body: T): T =>
  body.name === undefined ? body : { ...body, name: cleanName(body.name) }

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
      return await transaction(db, (tx) => repository.insertCertification(tx, cleaned(body)))
    } catch (error) {
      throw named(error)
    }
  },

  update: async (id: number, body: CertificationUpdate, match?: Match): Promise<Certification> => {
    try {
      return await transaction(db, async (tx) => {
        await meet(tx, match, 'certifications', id, () => repository.findCertification(tx, id))
        const certification = await repository.updateCertification(tx, id, cleaned(body))
        if (!certification) throw certificationNotFound()
        return certification
      })
    } catch (error) {
      throw named(error)
    }
  },

  remove: async (id: number, match?: Match): Promise<void> => {
    try {
      await transaction(db, async (tx) => {
        await meet(tx, match, 'certifications', id, () => repository.findCertification(tx, id))
        if (!(await repository.deleteCertification(tx, id))) throw certificationNotFound()
      })
    } catch (error) {
      throw violated(error) === 'movies_certification_id_fkey' ? certificationInUse(await repository.countMovies(db, id)) : error
    }
  },

  /** Its id, held until the transaction ends; undefined when there is none such. */
  hold: async (tx: Db, by: { id: number } | { name: string }) => (await repository.holdCertification(tx, by))?.id,
})
export type CertificationsService = ReturnType<typeof createCertificationsService>
