import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { serverCpu } from './cpu.ts'

/** A server whose connections come, work for some hundredths of a second and end, one after the other. */
const CONNECTIONS = 80
const SCRIPT = `for c in $(seq ${CONNECTIONS}); do (i=0; while [ $i -lt 4000 ]; do i=$((i+1)); done) & wait; done`

test.runIf(existsSync('/proc/self/stat'))('the CPU of connections that end while it is read is not lost', async () => {
  const server = spawn('bash', ['-c', SCRIPT], { stdio: 'ignore' })
  const seen: number[] = []
  while (server.exitCode === null) {
    const spent = serverCpu(server.pid)
    if (!Number.isNaN(spent)) seen.push(spent)
    await turn()
  }
  const lost = seen.filter((spent, index) => spent < (seen[index - 1] ?? 0))
  expect(lost).toEqual([])
  // It has worked and has been looked at while it did, if only now and then by a busy machine.
  expect([seen.length > 10, (seen.at(-1) ?? 0) > 100_000]).toEqual([true, true])
})
