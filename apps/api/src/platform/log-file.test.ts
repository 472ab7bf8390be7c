import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { createLogFile } from './log-file.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'marquee-log-'))
const line = (number: number) => `${JSON.stringify({ level: 'info', number, msg: 'Ґудзик' })}\n`
const numbersIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => (JSON.parse(text) as { number: number }).number)

test('R-231: a log rotates by size; the newest files are kept, no line is cut and none is lost between them', () => {
  const directory = folder()
  const path = join(directory, 'marquee.log')
  const maxBytes = 10_000
  const lines = 2000
  for (let number = 0; number < lines; number += 1) {
    // Every so often the process starts anew and goes on where the last one ended.
    if (number % 500 === 0) write = createLogFile({ path, maxBytes, kept: 3 })
    write(line(number))
  }
  expect(readdirSync(directory).toSorted()).toEqual(['marquee.log', 'marquee.log.1', 'marquee.log.2', 'marquee.log.3'])
  const files = ['.3', '.2', '.1', ''].map((end) => `${path}${end}`)
  for (const file of files) expect(statSync(file).size).toBeLessThanOrEqual(maxBytes)
  for (const file of files.slice(0, -1)) expect(statSync(file).size).toBeGreaterThan(maxBytes * 0.9)
  const kept = files.flatMap(numbersIn)
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => lines - kept.length + index))
})

let write = (_lines: string): void => undefined

test('R-231: a full disk loses lines and throws nothing', () => {
  const full = createLogFile({ path: '/dev/full', maxBytes: 10_000, kept: 3 })
  expect(() => full(line(1))).not.toThrow()
})

test('a pipe is written to and never renamed, as a device must not be; one that nobody reads keeps nobody waiting', () => {
  const directory = folder()
  const path = join(directory, 'pipe')
  execFileSync('mkfifo', [path])
  expect(() => createLogFile({ path, maxBytes: 10_000, kept: 3 })).toThrow(/^LOG_FILE .* cannot be written \(ENXIO\)\.$/)
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const log = createLogFile({ path, maxBytes: 10_000, kept: 3 })
  // Far more than a pipe holds: what does not fit is lost, as on a full disk.
  for (let number = 0; number < 5_000; number += 1) log(line(number))
  expect(readdirSync(directory)).toEqual(['pipe'])
  expect(statSync(path).isFIFO()).toBe(true)
  closeSync(reader)
})

test('a link leads to the file that rotates, and stays', () => {
  const [there, here] = [folder(), folder()]
  symlinkSync(join(there, 'marquee.log'), join(here, 'log'))
  const log = createLogFile({ path: join(here, 'log'), maxBytes: 10_000, kept: 3 })
  for (let number = 0; number < 500; number += 1) log(line(number))
  expect(readdirSync(here)).toEqual(['log'])
  expect(readdirSync(there).toSorted()).toEqual(['marquee.log', 'marquee.log.1', 'marquee.log.2'])
})

test('a log file that cannot be written is named at the start', () => {
  expect(() => createLogFile({ path: join(folder(), 'no', 'such', 'folder.log'), maxBytes: 10_000, kept: 3 })).toThrow(
    /^LOG_FILE .*folder\.log cannot be written \(ENOENT\)\.$/,
  )
})
