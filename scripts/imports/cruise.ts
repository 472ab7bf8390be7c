import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { cruise, type ICruiseResult } from 'dependency-cruiser'

import { rules } from './rules.ts'

const SOURCES = ['apps/api', 'apps/web', 'packages/contract']

/** Reads the imports under a folder laid out like this repository, type imports too, and returns what the rules forbid. */
export const readImports = async (baseDir: string) => {
  const { output } = await cruise(
    SOURCES.filter((folder) => existsSync(join(baseDir, folder))),
    {
      baseDir,
      ruleSet: { forbidden: rules },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '/node_modules/.*/node_modules/|^apps/web/dist/' },
      enhancedResolveOptions: { conditionNames: ['import', 'node', 'types', 'default'], exportsFields: ['exports'] },
    },
    { extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'] },
  )
  const { modules, summary } = output as ICruiseResult
  const files = modules.map(({ source }) => source).filter((source) => /^(apps|packages)\//.test(source))
  const findings = summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name }))
  return { files, findings }
}
