import { expect, inject, test } from 'vitest'

import { mutants } from './mutants.ts'
import { runMutant } from './run-mutant.ts'

/** One server for all: the copies make databases of their own on it. */
const shared = () => ({ DATABASE_URL: inject('server_url'), PROVE_SERVER_LOG: inject('server_log') })

for (const mutant of mutants)
  test.concurrent(`Q-05 a guard is missed when it is gone: ${mutant.name}`, async () => {
    const started = performance.now()
    const results = await runMutant(mutant, shared())
    const [result] = results
    console.log(`Q-05 mutant “${mutant.name}”: ${result?.status}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
    expect(results.map(({ status }) => status)).toEqual(['failed'])
    expect(result?.fullName).toContain(mutant.test)
    expect(result?.failureMessages.join('\n')).toMatch(mutant.because)
  })
