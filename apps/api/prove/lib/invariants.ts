import { expect } from 'vitest'

import { checkInvariants, type CheckOptions } from '#modules/invariants/service.ts'
import type { Db } from '#platform/db/kysely.ts'

/** Every proof ends with it: what the database says about itself. */
export const expectInvariants = async (db: Db, options: CheckOptions = {}): Promise<void> => {
  const { findings } = await checkInvariants(db, options)
  const broken = findings.filter(({ verdict }) => verdict === 'violated')
  expect(broken.map(({ id, sentence, count, examples }) => ({ id, sentence, count, examples }))).toEqual([])
}
