import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const ROOTS = ['', 'apps/api', 'apps/api/src']

/** How many items of levels 1 and 2 each section of ASVS 5.0.0 has: the numbers of level 3 are left out of its lists. */
const LEVELS = { 1: 70, 2: 183 }

const rows = [...read('docs/security/asvs.md').matchAll(/^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(
  ([, item = '', level = '', , state = '', proof = '']) => ({ item, level, state, proof }),
)

test('Q-31: every item of levels 1 and 2 of ASVS 5.0 stands in the table once, with a state and what shows it', () => {
  expect(new Set(rows.map(({ item }) => item)).size).toBe(rows.length)
  for (const [level, count] of Object.entries(LEVELS)) expect(rows.filter((row) => row.level === level)).toHaveLength(count)
  const states = ['met', 'reviewed', '**partly**', '**not met**', '–']
  expect(rows.filter(({ state, proof }) => !states.includes(state) || proof.length < 5)).toEqual([])
})

test.each(['docs/security/asvs.md', 'docs/security/threat-model.md'])('Q-31: every file that %s names is there', (page) => {
  const named = [...read(page).matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|tsx|md|json)|src\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  )
  expect(named.length).toBeGreaterThan(40)
  expect(named.filter((path) => !ROOTS.some((folder) => existsSync(join(root, folder, path))))).toEqual([])
})
