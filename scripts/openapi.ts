import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './lib/files.ts'
import { lintOpenapi } from './lib/openapi.ts'
import { exitWith } from './lib/report.ts'
import { openapiSelfTest } from './self-tests/openapi.ts'

const document = join(root, 'packages/contract/openapi.json')

await exitWith(async () => {
  const [blind, found] = await Promise.all([openapiSelfTest(), existsSync(document) ? lintOpenapi(document) : []])
  return [
    ...blind.map((line) => `Self-test of the OpenAPI lint: ${line}`),
    ...found.map((line) => `packages/contract/openapi.json: ${line}`),
  ]
})
