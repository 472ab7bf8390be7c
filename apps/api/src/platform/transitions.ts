/** Which states may lead to this one; an update that names them cannot make a forbidden step. */
export const sourcesOf = <S extends string>(table: Readonly<Record<S, readonly string[]>>, target: NoInfer<S>): S[] =>
  (Object.keys(table) as S[]).filter((state) => table[state].includes(target))
