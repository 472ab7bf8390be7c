import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import { root } from './lib/files.ts'

/** The API restarts when its sources change; Vite serves the web app beside it and swaps what changed in the open page. */
const API_PORT = process.env['PORT'] ?? '8000'

const start = (args: string[], cwd = root, env: NodeJS.ProcessEnv = process.env): ChildProcess =>
  spawn(process.execPath, args, { cwd, env, stdio: 'inherit' })

const children = [
  start(['--watch', 'apps/api/src/main.ts']),
  start([join(root, 'node_modules/vite/bin/vite.js'), ...process.argv.slice(2)], join(root, 'apps/web'), {
    ...process.env,
    API_URL: process.env['API_URL'] ?? `http://127.0.0.1:${API_PORT}`,
  }),
]

const stop = () => {
  for (const child of children) child.kill('SIGTERM')
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
for (const child of children)
  child.on('exit', (code) => {
    process.exitCode ??= code ?? 0
    stop()
  })
