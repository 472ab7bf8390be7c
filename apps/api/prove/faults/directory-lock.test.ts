import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { lockDirectory } from '#platform/db/directory-lock.ts'

const RIVALS = 8
const ROUNDS = 150
const DEAD_PID = 2 ** 22 + 1

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'marquee-lock-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const lockFile = () => join(directory, 'marquee.lock')
const writeLock = (holder: unknown) => writeFileSync(lockFile(), typeof holder === 'string' ? holder : JSON.stringify(holder))
const stale = { pid: DEAD_PID, started: '1' }

/** A process that takes and gives back locks as it is told, all of them at the same moment. */
const RIVAL = `
import { lockDirectory } from ${JSON.stringify(new URL('../../src/platform/db/directory-lock.ts', import.meta.url).href)}
let release
process.on('message', ({ directory, at }) => {
  if (!directory) return process.send((release?.(), release = undefined, 'released'))
  while (Date.now() < at);
  try {
    release = lockDirectory(directory)
    process.send('won')
  } catch (error) {
    process.send(error.name + ': ' + error.message)
  }
})
process.send('ready')`

const rivals: ChildProcess[] = []
const hear = (rival: ChildProcess) =>
  new Promise<string>((resolve) => rival.once('message', (message) => resolve(message as string)))
const tell = (chosen: ChildProcess[], message: object) =>
  Promise.all(
    chosen.map((rival) => {
      const answer = hear(rival)
      rival.send(message)
      return answer
    }),
  )

beforeAll(async () => {
  for (let count = 0; count < RIVALS; count += 1)
    rivals.push(
      spawn(process.execPath, ['--input-type=module', '--eval', RIVAL], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    )
  await Promise.all(rivals.map(hear))
})
afterAll(() => rivals.forEach((rival) => rival.kill()))

const race = (chosen = rivals) => tell(chosen, { directory, at: Date.now() + 8 })
const release = (chosen = rivals) => tell(chosen, {})
const refusal = expect.stringMatching(/^ConfigError: DATA_DIR .* is in use by process \d+\. Stop it, or point DATA_DIR elsewhere/)

test('a free directory is taken and given back, and nothing is left behind', () => {
  const unlock = lockDirectory(directory)
  expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid })
  expect(readdirSync(directory)).toEqual(['marquee.lock'])
  unlock()
  expect(readdirSync(directory)).toEqual([])
})

test('Q-04: a directory that a living process has is refused with a sentence naming it', async () => {
  const [rival] = rivals.slice(0, 1) as [ChildProcess]
  expect(await race([rival])).toEqual(['won'])
  expect(() => lockDirectory(directory)).toThrow(`DATA_DIR ${directory} is in use by process ${rival.pid}.`)
  await release([rival])
  lockDirectory(directory)()
})

test.each([
  ['of a process that is gone', stale],
  ['of a process whose number somebody else has now', { pid: process.ppid, started: 'long ago' }],
  ['of this process’s number before it was ours', { pid: process.pid, started: 'long ago' }],
  ['that was cut short', '{"pid": 12'],
  ['that is empty', ''],
])('Q-04: a lock %s is taken over', (_whose, holder) => {
  writeLock(holder)
  const unlock = lockDirectory(directory)
  expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid })
  expect(readdirSync(directory)).toEqual(['marquee.lock'])
  unlock()
})

test.each([
  ['a free directory', () => undefined],
  ['a directory whose process has died', () => writeLock(stale)],
])(
  `Q-04: of ${RIVALS} processes that open %s at once exactly one gets it, ${ROUNDS} times`,
  async (_directory, prepare) => {
    const wrong: string[][] = []
    let refused = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      prepare()
      const results = await race()
      const losers = results.filter((result) => result !== 'won')
      refused += losers.length
      if (losers.length !== RIVALS - 1 || losers.some((result) => !refusal.asymmetricMatch(result))) wrong.push(results)
      await release()
      if (readdirSync(directory).length > 0) wrong.push(readdirSync(directory))
      for (const file of readdirSync(directory)) rmSync(join(directory, file))
    }
    expect(wrong).toEqual([])
    expect(refused).toBe(ROUNDS * (RIVALS - 1))
  },
  60_000,
)
