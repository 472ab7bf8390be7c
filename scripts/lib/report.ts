/** Does the work and ends the process by what it found, also when it is interrupted, so that helpers can clean up. */
export const exitWith = async (work: () => Promise<string[]>): Promise<never> => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  const problems = await work().catch((error: unknown) => [error instanceof Error ? error.message : String(error)])
  for (const problem of problems) console.error(problem)
  return process.exit(problems.length > 0 ? 1 : 0)
}
