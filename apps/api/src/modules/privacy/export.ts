import type { Db } from '#platform/db/kysely.ts'
import type { Storage } from '#platform/storage.ts'
import { zip, type ZipEntry } from '#platform/zip.ts'
import type { Person } from './classes.ts'
import { personal } from './columns.ts'
import * as repository from './repository.ts'

const ROWS_AT_ONCE = 500
const ABOUT =
  'Everything that is kept about you, as it stands in the database: a list for each kind. Passwords and keys are left out. What is kept for how long, and why: docs/privacy.md.'

/** One JSON document, written while it is read: however much somebody has bought, little of it is in memory. */
async function* write(db: Db, person: Person, at: Date): AsyncGenerator<string> {
  yield `{\n"about": ${JSON.stringify(ABOUT)},\n"exported_at": "${at.toISOString()}"`
  for (const [table, rules] of Object.entries(personal)) {
    yield `,\n"${table}": [`
    let behind = '(0,0)'
    for (let isFirst = true; ; isFirst = false) {
      const pieces = await repository.readPieces(db, table, rules, { person, behind, most: ROWS_AT_ONCE })
      const text = pieces.map(({ row }) => `\n${JSON.stringify(row)}`).join(',')
      if (text !== '') yield isFirst ? text : `,${text}`
      if (pieces.length < ROWS_AT_ONCE) break
      behind = pieces.at(-1)?.place ?? behind
    }
    yield ']'
  }
  yield '\n}\n'
}

type Deps = { db: Db; storage: Pick<Storage, 'read'>; now: () => Date }

/** What is kept of a person, and the files they gave us, as a ZIP file piece by piece. */
export const createExport = ({ db, storage, now }: Deps) =>
  async function* (person: Person): AsyncGenerator<Uint8Array> {
    const key = await repository.avatarOf(db, person.id)
    const picture = key === null ? undefined : await storage.read(key)
    const entries: ZipEntry[] = [
      { name: 'my-data.json', content: write(db, person, now()) },
      ...(picture ? [{ name: 'avatar.webp', isPacked: true, content: picture }] : []),
    ]
    yield* zip(entries)
  }
