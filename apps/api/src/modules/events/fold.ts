import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import * as repository from './repository.ts'

const AT_ONCE = 500

/** Folds the texts that an older release has written, or folded in its way. Returns how many. */
export const createFoldTexts = (db: Db) => {
  const foldSome = async (tx: Tx): Promise<number> => {
    const texts = await repository.lockUnfolded(tx, AT_ONCE)
    if (texts.length > 0) await repository.foldTexts(tx, texts)
    return texts.length
  }

  return async (): Promise<number> => {
    let folded = 0
    for (let count = AT_ONCE; count === AT_ONCE; folded += count) count = await transaction(db, foldSome)
    return folded
  }
}
