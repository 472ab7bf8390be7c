import { spawn } from 'node:child_process'

import { root } from './files.ts'

type Options = { cwd?: string; env?: NodeJS.ProcessEnv }
export type Result = { code: number; stdout: string; output: string }

/** Runs a JavaScript tool or script on this very Node and collects what it says. */
export const runNode = (args: string[], { cwd = root, env = process.env }: Options = {}): Promise<Result> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }))
  })

export const tools = {
  tsc: 'node_modules/typescript-7/bin/tsc',
  oxlint: 'node_modules/oxlint/bin/oxlint',
  oxfmt: 'node_modules/oxfmt/bin/oxfmt',
  knip: 'node_modules/knip/bin/knip.js',
  redocly: 'node_modules/@redocly/cli/bin/cli.js',
  vitest: 'node_modules/vitest/vitest.mjs',
  kyselyCodegen: 'node_modules/kysely-codegen/dist/cli/bin.js',
} as const
