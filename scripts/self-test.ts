import { exitWith } from './lib/report.ts'
import { lintSelfTest } from './self-tests/lint.ts'
import { testsSelfTest } from './self-tests/tests.ts'

const selfTests: Record<string, () => Promise<string[]>> = { lint: lintSelfTest, tests: testsSelfTest }

const [name = ''] = process.argv.slice(2)

await exitWith(async () => {
  const run = selfTests[name]
  if (!run) return [`There is no self-test "${name}"; there are ${Object.keys(selfTests).join(', ')}.`]
  return (await run()).map((line) => `Self-test of ${name}: ${line}`)
})
