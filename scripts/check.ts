import { availableParallelism } from 'node:os'

import { exitWith } from './lib/report.ts'
import { runNode, tools } from './lib/run.ts'

/** What runs on Node is one program: the API's types are much of what benchmarks and scripts import. */
const projects = { server: 'tsconfig.server.json', web: 'apps/web', contract: 'packages/contract' }

/** Looks again only at what has changed since the last time. More checkers would each work out the same types anew. */
const typesOf = ([name, project]: [string, string]) =>
  [tools.tsc, '-p', project, '--checkers', '2'].concat([
    '--incremental',
    '--tsBuildInfoFile',
    `node_modules/.cache/types/${name}.tsbuildinfo`,
  ])

/** Longest first, so that two of them side by side end together. */
const checks: Record<string, string[][]> = {
  generated: [['scripts/generate.ts', '--check']],
  lint: [[tools.oxlint], ['scripts/self-test.ts', 'lint']],
  types: Object.entries(projects).map(typesOf),
  budgets: [['scripts/build-web.ts'], ['scripts/check-budgets.ts']],
  'dead code': [[tools.knip]],
  'failing tests': [['scripts/self-test.ts', 'tests']],
  imports: [['scripts/imports.ts']],
  openapi: [['scripts/openapi.ts']],
  format: [[tools.oxfmt, '--check', '.']],
}

/** What these say is worth reading even when all is well. */
const told = new Set(['budgets'])

const runCheck = async (name: string): Promise<boolean> => {
  const started = performance.now()
  const results = []
  for (const command of checks[name] ?? []) results.push(await runNode(command))
  const sound = results.every(({ code }) => code === 0)
  console.log(`${sound ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  if (!sound || told.has(name)) console.log(results.map(({ output }) => output.trimEnd()).join('\n'))
  return sound
}

const chosen = (): string[] => {
  const [...names] = process.argv.slice(2)
  const unknown = names.filter((name) => !(name in checks))
  if (unknown.length > 0) throw new Error(`There is no check ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}.`)
  return names.length > 0 ? names : Object.keys(checks)
}

/** Runs every check, or those named, and fails when one of them does. */
const check = async (): Promise<string[]> => {
  const waiting = chosen()
  const failed: string[] = []
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) if (!(await runCheck(name))) failed.push(name)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return failed.length > 0 ? [`Failed: ${failed.join(', ')}.`] : []
}

await exitWith(check)
