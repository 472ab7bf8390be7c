import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Mutant } from './mutants.ts'

const API = fileURLToPath(new URL('../..', import.meta.url))
const ROOT = join(API, '../..')
const COPIED = ['src', 'migrations', 'locales', 'seeds', 'prove', 'package.json', 'vitest.config.ts', 'vitest.prove.config.ts']

/** The API beside its packages, outside the repository, where no other tool finds it. */
const copyApi = (folder: string): string => {
  const api = join(folder, 'apps/api')
  mkdirSync(api, { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
  symlinkSync(join(API, 'node_modules'), join(api, 'node_modules'), 'junction')
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  for (const name of COPIED) cpSync(join(API, name), join(api, name), { recursive: true })
  return api
}

const patch = (api: string, { file, patches }: Mutant) => {
  const path = join(api, file)
  let text = readFileSync(path, 'utf8')
  for (const [find, replace] of patches) {
    const matches = [...text.matchAll(new RegExp(find, 'g'))].length
    if (matches !== 1) throw new Error(`The mutant does not apply: ${find.source} is found ${matches} times in ${file}.`)
    text = text.replace(find, replace)
  }
  writeFileSync(path, text)
}

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

type Result = { fullName: string; status: string; failureMessages: string[] }
type Report = { testResults: { message: string; assertionResults: Result[] }[] }

const runVitest = async (
  api: string,
  { suite, test, rounds, env: its }: Mutant,
  env: Record<string, string>,
): Promise<Result[]> => {
  const report = join(api, 'report.json')
  const config = suite.startsWith('prove/') ? 'vitest.prove.config.ts' : 'vitest.config.ts'
  const settings = ['--config', config, '--reporter=json', `--outputFile=${report}`, '-t', escape(test)]
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...settings, suite], {
    cwd: api,
    env: { PATH: process.env['PATH'] ?? '', PROVE_ROUNDS: String(rounds), ...its, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  await new Promise((resolve) => child.once('exit', resolve))
  const { testResults } = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report) : { testResults: [] }
  const run = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => ['passed', 'failed'].includes(status))
  if (run.length === 0)
    throw new Error(`The mutant's test did not run:\n${testResults.map(({ message }) => message).join('\n')}\n${said}`)
  return run
}

/** Copies the API, takes the guard out and runs the test that watches it. Leaves nothing behind. */
export const runMutant = async (mutant: Mutant, env: Record<string, string>): Promise<Result[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'marquee-mutant-'))
  try {
    const api = copyApi(folder)
    patch(api, mutant)
    return await runVitest(api, mutant, env)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
