import { stringify } from 'csv-stringify/sync'
import { Temporal } from 'temporal-polyfill'

import { noSuchDay, periodTooLong, periodTurned } from './errors.ts'
import type { ReportKindName } from './schemas.ts'

const MOST_DAYS = 366
const FIRST_DAY = '1970-01-01'
const LAST_DAY = '8999-12-31'

export type Period = { from: string; to: string }
export type Row = Record<string, string | number | null>

export const requirePeriod = ({ from, to }: Period): void => {
  for (const [pointer, day] of [
    ['/from', from],
    ['/to', to],
  ] as const)
    if (day < FIRST_DAY || day > LAST_DAY) throw noSuchDay(pointer)
  const days = Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1
  if (days < 1) throw periodTurned()
  if (days > MOST_DAYS) throw periodTooLong(MOST_DAYS)
}

const FIGURES = ['currency', 'sessions', 'tickets', 'revenue', 'average_price', 'occupancy']
const COLUMNS: Record<ReportKindName, string[]> = {
  sales_by_day: ['date', ...FIGURES],
  sales_by_movie: ['movie_id', 'title', ...FIGURES],
  sales_by_cinema: ['cinema_id', 'name', ...FIGURES],
}

/**
 * RFC 4180 with a byte order mark, without which Excel takes Cyrillic for Latin. A cell that a spreadsheet would run as a
 * formula (= + - @ tab) starts with an apostrophe.
 */
export const toCsv = (kind: ReportKindName, rows: Row[]): string =>
  stringify(rows, { header: true, bom: true, columns: COLUMNS[kind], escape_formulas: true, record_delimiter: 'windows' })

export const toJson = (kind: ReportKindName, period: Period, cinema_id: number | null, rows: Row[]): string =>
  JSON.stringify({ kind, from: period.from, to: period.to, cinema_id, rows })

export const mediaTypes = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const
