import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

/**
 * Runs the proofs: all at the size of the gate, or those that an option names at the size it says. What stands beside the
 * options goes to vitest.
 */
const SIZES = {
  seeds: { env: 'PROVE_SEEDS', suite: 'prove/simulation' },
  seed: { env: 'PROVE_SEED', suite: 'prove/simulation' },
  path: { env: 'PROVE_PATH', suite: 'prove/simulation' },
  replay: { env: 'PROVE_REPLAY', suite: 'prove/simulation' },
  kills: { env: 'PROVE_KILLS', suite: 'prove/faults/killed' },
  'cut-seconds': { env: 'PROVE_CUT_SECONDS', suite: 'prove/faults/cut-connections' },
  payments: { env: 'PROVE_PAYMENTS', suite: 'prove/faults/provider' },
  storms: { env: 'STORM_ROUNDS', suite: 'prove/storm/storm.test' },
  races: { env: 'PROVE_ROUNDS', suite: 'prove/races' },
} as const

const options = Object.fromEntries(Object.keys(SIZES).map((name) => [name, { type: 'string' as const }]))
const { tokens } = parseArgs({ args: process.argv.slice(2), options, strict: false, allowPositionals: true, tokens: true })

const suites = new Set<string>()
const env = { ...process.env }
const rest: string[] = []
for (const token of tokens) {
  if (token.kind === 'positional') rest.push(token.value)
  if (token.kind !== 'option') continue
  const size = SIZES[token.name as keyof typeof SIZES] as (typeof SIZES)[keyof typeof SIZES] | undefined
  if (!size) {
    rest.push(token.value === undefined || !token.inlineValue ? token.rawName : `${token.rawName}=${token.value}`)
    continue
  }
  env[size.env] = token.value ?? ''
  suites.add(size.suite)
}

const child = spawn('vitest', ['run', '--config', 'vitest.prove.config.ts', ...rest, ...suites], { stdio: 'inherit', env })
child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
