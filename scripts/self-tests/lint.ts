import { cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { root, withTemporaryFolder, writeTree } from '../lib/files.ts'
import { runNode, tools } from '../lib/run.ts'

/** Each of these files breaks the rule that stands before it. */
const broken: [rule: string, file: string, text: string][] = [
  ['typescript(no-floating-promises)', 'floating.ts', 'const save = async () => 1\nexport const forget = () => {\n  save()\n}\n'],
  [
    'typescript(no-misused-promises)',
    'misused.ts',
    'const isFree = async () => true\nexport const take = () => {\n  if (isFree()) return 1\n  return 0\n}\n',
  ],
  ['typescript(no-explicit-any)', 'any.ts', 'export const parse = (text: any): string => String(text)\n'],
  ['import(no-default-export)', 'default.ts', 'export default 1\n'],
  ['oxc(no-barrel-file)', 'barrel.ts', "export * from './any.ts'\n"],
  ['eslint(max-lines)', 'long.ts', `export const seats = [\n${'  1,\n'.repeat(250)}]\n`],
  ['house(function-lines)', 'function.ts', `export const total = (n: number) => {\n${'  n += 1\n'.repeat(40)}  return n\n}\n`],
  ['house(no-class)', 'class.ts', 'export class Seats {}\n'],
]

const small = (n: number) => `  const save${n} = async () => {
    await save(seats)
  }`
const numbers = [...Array(30).keys()]

/** A long factory of short functions, which must pass. */
const sound = `const save = async (n: number) => n
export const createSaves = (seats: number) => {
${numbers.map(small).join('\n')}
  return [${numbers.map((n) => `save${n}`).join(', ')}]
}
`

/** Shows that the linter, run as `npm run lint` runs it, finds what it is there for. */
export const lintSelfTest = (): Promise<string[]> =>
  withTemporaryFolder(async (folder) => {
    for (const name of ['.oxlintrc.json', 'tsconfig.base.json']) cpSync(join(root, name), join(folder, name))
    cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    writeTree(folder, { 'tsconfig.json': '{ "extends": "./tsconfig.base.json", "include": ["src"] }', 'src/sound.ts': sound })
    writeTree(folder, Object.fromEntries(broken.map(([, file, text]) => [`src/${file}`, text])))
    const { code, stdout, output } = await runNode([join(root, tools.oxlint), '-f', 'json', 'src'], { cwd: folder })
    if (code === 0) return ['The linter accepts broken files.']
    if (!stdout.startsWith('{')) return [output]
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] }
    const found = diagnostics.map(({ filename, code: rule }) => `${filename}: ${rule}`)
    return [
      ...broken
        .map(([rule, file]) => `src/${file}: ${rule}`)
        .filter((line) => !found.includes(line))
        .map((line) => `not found: ${line}`),
      ...found.filter((line) => line.startsWith('src/sound.ts')).map((line) => `found without reason: ${line}`),
    ]
  })
