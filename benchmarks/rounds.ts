export const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(half)] ?? Number.NaN)
    : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2
}

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

/** The median of the rounds' own ratios: both sides of each were measured within the same minute. */
export const medianRatio = <Result>(
  above: Result[] | undefined,
  below: Result[] | undefined,
  readAbove: (result: Result) => number,
  readBelow = readAbove,
) => median((above ?? []).map((result, round) => readAbove(result) / ((below?.[round] && readBelow(below[round])) ?? Number.NaN)))
