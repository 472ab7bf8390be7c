import { type Db, transaction, violated } from '#platform/db/kysely.ts'
import { cinemasOf, requireWorkAt, type SignedIn } from '#platform/http/access.ts'
import { readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { Jobs } from '#platform/jobs.ts'
import { noSuchCinema, notReady, reportFailed, reportNotFound } from './errors.ts'
import * as repository from './repository.ts'
import { mediaTypes, type Period, requirePeriod, type Row, toCsv, toJson } from './rules.ts'
import type { Report, ReportCreate, ReportQuery } from './schemas.ts'

type By = 'day' | 'movie' | 'cinema'
/** The figures come from the statistics, so that a report and a screen agree; handed over in app.ts. */
type Sales = (by: By, scope: Period & { cinema_ids: readonly number[] | null }) => Promise<Row[]>
type Deps = { db: Db; jobs: Jobs; sales: Sales; keptDays: number }

const MOST_BYTES = 5_000_000
const FORGOTTEN_SECONDS = 3 * 3600
const BATCH = 20
const DELETED_AT_ONCE = 100

const BY = { sales_by_day: 'day', sales_by_movie: 'movie', sales_by_cinema: 'cinema' } as const

const written = ({ kind, format, from, to, cinema_id }: Report, rows: Row[]) =>
  format === 'csv' ? toCsv(kind, rows) : toJson(kind, { from, to }, cinema_id, rows)

export const createReportsService = ({ db, jobs, sales, keptDays }: Deps) => {
  const get = async (actor: SignedIn, id: number): Promise<Report> => {
    const report = await repository.findReport(db, id, cinemasOf(actor))
    if (!report) throw reportNotFound()
    return report
  }

  /** May run again after any crash: it reads, and writes its one row only while that waits. */
  const make = async ({ report_id }: { report_id: number }): Promise<void> => {
    const report = await repository.findOrder(db, report_id)
    if (report?.status !== 'pending') return
    const content = written(report, await sales(BY[report.kind], report))
    const isTooLarge = Buffer.byteLength(content) > MOST_BYTES
    const error = 'The report is larger than 5 MB. Ask for fewer days or one cinema.'
    await repository.endReport(db, report_id, isTooLarge ? { status: 'failed', error } : { status: 'done', content })
  }

  return {
    get,
    make,

    order: async (actor: SignedIn, { kind, format, from, to, cinema_id = null }: ReportCreate): Promise<Report> => {
      requirePeriod({ from, to })
      if (cinema_id !== null && !(await repository.knowsCinema(db, cinema_id))) throw noSuchCinema()
      if (cinema_id !== null) requireWorkAt(actor, cinema_id)
      const cinema_ids = cinema_id === null ? cinemasOf(actor) : [cinema_id]
      const wish = { cinema_ids, kind, format, from_day: from, to_day: to, cinema_id, requested_by: actor.id }
      try {
        const id = await transaction(db, async (tx) => {
          const report = await repository.insertReport(tx, wish)
          await jobs.send(tx, 'reports.make', { report_id: report.id })
          return report.id
        })
        return await get(actor, id)
      } catch (error) {
        throw violated(error) === 'reports_cinema_id_fkey' ? noSuchCinema() : error
      }
    },

    list: async (actor: SignedIn, query: ReportQuery) => {
      const page = readCursorPage({ list: 'reports', of: {}, order: repository.newestFirst }, query)
      const [rows, total] = await repository.listReports(db, cinemasOf(actor), page)
      return toCursorList<Report>(rows, total, page)
    },

    download: async (actor: SignedIn, id: number) => {
      const report = await repository.findContent(db, id, cinemasOf(actor))
      if (!report) throw reportNotFound()
      if (report.error !== null) throw reportFailed(report.error)
      if (report.content === null) throw notReady()
      const { kind, from, to, format, content } = report
      return { name: `${kind}_${from}_${to}.${format}`, type: mediaTypes[format], content: Buffer.from(content) }
    },

    /** Makes what the queue has given up on. */
    makeForgotten: async () => {
      for (const report_id of await repository.findForgotten(db, FORGOTTEN_SECONDS, BATCH)) await make({ report_id })
    },

    /** A few at a time, so that no statement is long, however many there are. */
    deleteOld: async () => {
      let deleted: number
      do deleted = await repository.deleteOld(db, keptDays, DELETED_AT_ONCE)
      while (deleted === DELETED_AT_ONCE)
    },
  }
}
export type ReportsService = ReturnType<typeof createReportsService>
