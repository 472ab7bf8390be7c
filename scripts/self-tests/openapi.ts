import { join } from 'node:path'

import { withTemporaryFolder, writeTree } from '../lib/files.ts'
import { lintOpenapi } from '../lib/openapi.ts'

const seat = { type: 'object', properties: { id: { type: 'integer' }, note: { type: ['string', 'null'] } } }
const answer = (reference: string) => ({
  200: { description: 'A seat', content: { 'application/json': { schema: { $ref: reference } } } },
  404: { description: 'No such seat' },
})
const operation = (operationId: string, parameter: string) => ({
  get: {
    operationId,
    summary: 'A seat',
    tags: ['seats'],
    parameters: [{ name: parameter, in: 'path', required: true, schema: { type: 'integer' } }],
    responses: answer('#/components/schemas/Seat'),
  },
})
const base = {
  openapi: '3.1.0',
  info: { title: 'Seats', version: '1', license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' } },
  servers: [{ url: '/' }],
  security: [],
  tags: [{ name: 'seats', description: 'Seats' }],
  paths: { '/seats/{id}': operation('getSeat', 'id') },
  components: { schemas: { Seat: seat } },
}

/** Wrong in four ways; the rules that must say so. */
const broken = {
  ...base,
  paths: {
    ...base.paths,
    '/seats/{id}/row': operation('getSeat', 'id'),
    '/seats/{id}/price': operation('getPrice', 'seat'),
    '/seats/{id}/hall': { get: { ...operation('getHall', 'id').get, responses: answer('#/components/schemas/Gone') } },
    '/seats/{id}/owner': { get: { ...operation('getOwner', 'id').get, responses: 'none' } },
  },
}
const RULES = ['operation-operationId-unique', 'path-parameters-defined', 'no-unresolved-refs', 'struct']

/** Shows that a sound document passes and that a broken one fails for each of its reasons. */
export const openapiSelfTest = (): Promise<string[]> =>
  withTemporaryFolder(async (folder) => {
    writeTree(folder, { 'sound.json': JSON.stringify(base), 'broken.json': JSON.stringify(broken) })
    const [sound, found] = await Promise.all(['sound.json', 'broken.json'].map((name) => lintOpenapi(join(folder, name))))
    return [
      ...(sound ?? []).map((line) => `found without reason: ${line}`),
      ...RULES.filter((rule) => !found?.some((line) => line.startsWith(`${rule}:`))).map((rule) => `not found: ${rule}`),
    ]
  })
