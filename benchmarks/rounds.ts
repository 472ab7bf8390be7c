export const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(half)] ?? Number.NaN)
    : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2
}

/**
 * Those of a family are compared with each other, so they take turns within a round, in windows so short that whatever
 * comes and goes within seconds touches all of them alike. Each is then named as often as it has turns.
 */
export const takingTurns = <Name extends string>(families: readonly (readonly Name[])[], turns: number): Name[] =>
  families.flatMap((family) => Array.from({ length: turns }, (_, turn) => (turn % 2 === 0 ? family : family.toReversed())).flat())

/** Runs all in each round, forwards and backwards by turns, so that whatever drifts touches all alike. */
export const runRounds = async <Name extends string, Result>(
  names: readonly Name[],
  rounds: number,
  run: (name: Name, round: number) => Promise<Result>,
) => {
  const results = new Map<Name, Result[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const name of round % 2 === 0 ? names : names.toReversed()) results.get(name)?.push(await run(name, round))
  return results
}

export const medianOf = <Result>(results: Result[] | undefined, read: (result: Result) => number): number =>
  median((results ?? []).map(read))

/** What each window of one is to the window of the other beside it. */
const ratiosOf = <Result>(
  above: Result[] | undefined,
  below: Result[] | undefined,
  readAbove: (result: Result) => number,
  readBelow = readAbove,
) => (above ?? []).map((result, round) => readAbove(result) / ((below?.[round] && readBelow(below[round])) ?? Number.NaN))

/** The median of the rounds' own ratios: both sides of each were measured within the same minute. */
export const medianRatio = <Result>(...sides: Parameters<typeof ratiosOf<Result>>) => median(ratiosOf(...sides))

/** Between which bounds the middle half of these ratios lies: how far the median can be trusted. */
export const middleHalf = <Result>(...sides: Parameters<typeof ratiosOf<Result>>): [number, number] => {
  const sorted = ratiosOf(...sides).toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  return [median(sorted.slice(0, half + (sorted.length % 2))), median(sorted.slice(half))]
}
