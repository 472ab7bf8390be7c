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

type Pair = { body: Ajv; rest: Ajv }

/**
 * Text becomes numbers in addresses and headers only; a body must already have the right types. Fastify asks for a
 * validator for each group of routes; those that know the same shapes share one, which saves a start most of its time.
 */
export const createValidatorBuilder = () => {
  const known = new Map<string, Pair>()
  return (externalSchemas: unknown): FastifySchemaCompiler<unknown> => {
    const shapes = externalSchemas as Record<string, object>
    const key = Object.keys(shapes).join()
    const pair = known.get(key) ?? { body: createAjv(false, Object.values(shapes)), rest: createAjv(true, Object.values(shapes)) }
    known.set(key, pair)
    return ({ schema, httpPart }) => (httpPart === 'body' ? pair.body : pair.rest).compile(schema as object) as never
  }
}
