import { stringify } from 'csv-stringify/sync'

/** RFC 4180 with a byte order mark; a cell that a spreadsheet would run as a formula starts with an apostrophe. */
const toCsv = (columns: string[], rows: object[], isFirst: boolean): string =>
  stringify(rows, {
    header: isFirst,
    bom: isFirst,
    columns,
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: { date: (date) => date.toISOString(), boolean: String },
  })

/** All rows piece by piece, however many there are. `next` gives those behind an id, the newest first; 0 is the beginning. */
export const exportRows = async function* <T extends { id: number }>(
  columns: string[],
  atOnce: number,
  next: (last: number) => Promise<T[]>,
): AsyncGenerator<string> {
  let last = 0
  for (let isFirst = true; ; isFirst = false) {
    const rows = await next(last)
    if (isFirst || rows.length > 0) yield toCsv(columns, rows, isFirst)
    if (rows.length < atOnce) return
    last = rows.at(-1)?.id ?? 0
  }
}
