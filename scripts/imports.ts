import { readImports } from './imports/cruise.ts'
import { rules } from './imports/rules.ts'
import { root } from './lib/files.ts'
import { exitWith } from './lib/report.ts'
import { importsSelfTest } from './self-tests/imports.ts'

/** Fewer files than this means that the reader went blind, not that the application is small. */
const FEWEST_FILES = 20

const reasons = new Map(rules.map(({ name, comment }) => [name, comment]))

await exitWith(async () => {
  const blind = await importsSelfTest()
  const { files, findings } = await readImports(root)
  if (files.length < FEWEST_FILES) blind.push(`only ${files.length} files were read`)
  console.log(`${files.length} files read.`)
  return [
    ...blind.map((line) => `Self-test of the import rules: ${line}`),
    ...findings.map(({ from, to, rule }) => `${from} → ${to}: ${reasons.get(rule) ?? ''} (${rule})`),
  ]
})
