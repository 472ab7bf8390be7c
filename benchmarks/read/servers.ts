import { fork } from 'node:child_process'
import { openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { HOLD_SECONDS } from '../house.ts'
import { type Answers, storeAnswers } from './answers.ts'
import type { Target } from './scenes.ts'

const HOST = '127.0.0.1'

type Helper = Target & { close: () => void }

/** A server of ours that tells its port and ends with us. */
const launch = (script: string, args: string[], env: Record<string, string>, errors: string): Promise<Helper> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', openSync(errors, 'w'), 'ipc'],
    })
    child.once('exit', () => reject(new Error(`${script} did not start; see ${errors}.`)))
    child.once('message', (port) => resolve({ host: HOST, port: Number(port), pid: child.pid ?? 0, close: () => child.kill() }))
  })

export const startBare = async (directory: string, database_url: string, answers: Answers) => {
  for (const [name, answer] of Object.entries(answers)) writeFileSync(join(directory, `${name}.json`), JSON.stringify(answer))
  await storeAnswers(database_url, answers)
  return launch('bare-server.ts', [directory, database_url], {}, join(directory, 'bare-errors.txt'))
}

export const startAccess = (directory: string, database_url: string) =>
  launch(
    'access-server.ts',
    [],
    {
      DATABASE_URL: database_url,
      DEMO_DATA: 'false',
      CERTS_DIR: join(directory, 'certs'),
      DATA_DIR: join(directory, 'data'),
      HOLD_SECONDS: String(HOLD_SECONDS),
      MAX_HOLD_SECONDS: String(HOLD_SECONDS),
    },
    join(directory, 'access-errors.txt'),
  )
