import type { Compilable, CompiledQuery } from 'kysely'

import type { Db } from './kysely.ts'

const HOLE = Symbol('a value that is told when the query is asked')
type Hole = { [HOLE]: string }

const isHole = (value: unknown): value is Hole => typeof value === 'object' && value !== null && HOLE in value

/** Each value by its name, as a place in the text of the query. What is not there makes no place. */
const holesFor = <V extends Record<string, unknown>>(values: V): V =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === undefined ? undefined : { [HOLE]: name }]),
  ) as V

/** As many as connections give names to. */
const MOST_SHAPES = 300

/**
 * Queries whose text is built once for each shape: putting a long one together costs this process more than reading its
 * answer. `shape` is whatever else decides the text; `values` are what it is asked with, and `build` sees only their places.
 */
export const createKeptQueries = <S, V extends Record<string, unknown>, T>(
  build: (db: Db, shape: S, values: V) => Compilable<T>,
) => {
  const kept = new Map<string, CompiledQuery<T>>()
  return async (db: Db, shape: S, values: V): Promise<T[]> => {
    // Sorted: who asks may name them in any order.
    const names = Object.keys(values).filter((name) => values[name] !== undefined)
    const key = JSON.stringify([shape, names.toSorted()])
    const query = kept.get(key) ?? build(db, shape, holesFor(values)).compile()
    if (kept.size < MOST_SHAPES) kept.set(key, query)
    const parameters = query.parameters.map((one) => (isHole(one) ? values[one[HOLE]] : one))
    return (await db.executeQuery<T>({ ...query, parameters })).rows
  }
}
