import { Ajv, type Options } from 'ajv'
import formats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

const options: Options = { removeAdditional: false, useDefaults: true, allErrors: true, strict: false, validateFormats: true }

const createAjv = (coerceTypes: boolean, shared: object[]) => {
  const ajv = new Ajv({ ...options, coerceTypes })
  formats.default(ajv)
  for (const schema of shared) ajv.addSchema(schema)
  return ajv
}

/** Text becomes numbers in addresses and headers only; a body must already have the right types. */
export const buildValidator = (externalSchemas: unknown): FastifySchemaCompiler<unknown> => {
  const shared = Object.values(externalSchemas as Record<string, object>)
  const body = createAjv(false, shared)
  const rest = createAjv(true, shared)
  return ({ schema, httpPart }) => (httpPart === 'body' ? body : rest).compile(schema as object) as never
}
