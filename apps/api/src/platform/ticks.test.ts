import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const TICKS = new URL('ticks.ts', import.meta.url).href
const MOST_SLOWER = 2

/** A process that measures its ticks, rests while everything is collected, and measures them again. */
const script = (prepare: string) => `
  ${prepare}
  const { setTimeout: rest } = await import('node:timers/promises')
  const spend = () => new Promise((resolve) => {
    const before = process.cpuUsage()
    let left = 300_000
    const go = () => {
      if (left-- > 0) return process.nextTick(go)
      const { user, system } = process.cpuUsage(before)
      resolve(user + system)
    }
    go()
  })
  const least = async () => Math.min(await spend(), await spend(), await spend())
  await rest(10)
  const young = await least()
  await rest(10)
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  await rest(10)
  console.log((await least()) / young)`

const slowerAfterCollection = async (prepare: string): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--input-type=module', '-e', script(prepare)])
  return Number(stdout)
}

test('ticks are as quick after all memory was collected as before, and without what is kept they are not', async () => {
  expect(await slowerAfterCollection(`(await import('${TICKS}')).keepTicksQuick()`)).toBeLessThan(MOST_SLOWER)
  // When this fails, Node or V8 has mended it, and nothing needs to be kept any more.
  expect(await slowerAfterCollection('')).toBeGreaterThan(MOST_SLOWER)
})
