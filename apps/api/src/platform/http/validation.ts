import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import { Ajv, type Options } from 'ajv'
import formats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

/** Our schemas are checked by the compiler and the API document's linter; checking them again at each start is slow. */
const options: Options = {
  removeAdditional: false,
  useDefaults: true,
  strict: false,
  validateFormats: true,
  meta: false,
  validateSchema: false,
}

/** Larger input is told its first error only: looking for all of them in a hostile mebibyte would take seconds. */
const ALL_ERRORS_UP_TO = 1_000

/** Counts values without recursion: hostile input may be nested deeper than the stack. */
const isSmall = (data: unknown): boolean => {
  const waiting = [data]
  for (let seen = 0; seen <= ALL_ERRORS_UP_TO; seen += 1) {
    const next = waiting.pop()
    if (typeof next === 'object' && next !== null) for (const value of Object.values(next)) waiting.push(value)
    if (waiting.length === 0) return true
  }
  return false
}

const createAjv = (coerceTypes: boolean, allErrors: boolean, shared: object[]) => {
  const ajv = new Ajv({ ...options, coerceTypes, allErrors })
  formats.default(ajv)
  for (const schema of shared) ajv.addSchema(schema)
  return ajv
}

type Validate = ((data: unknown) => boolean) & { errors?: unknown }

/** Stops at the first error; only small input that has one is looked through again, for forms to show all. */
const createCompiler = (coerceTypes: boolean, shared: object[]) => {
  const quick = createAjv(coerceTypes, false, shared)
  let thorough: Ajv | undefined
  return (schema: object): Validate => {
    const first = quick.compile(schema)
    let all: ReturnType<Ajv['compile']> | undefined
    const validate: Validate = (data) => {
      if (first(data)) return true
      validate.errors = first.errors
      if (!isSmall(data)) return false
      thorough ??= createAjv(coerceTypes, true, shared)
      all ??= thorough.compile(schema)
      validate.errors = all(data) ? first.errors : all.errors
      return false
    }
    return validate
  }
}

type Compilers = { body: (schema: object) => Validate; rest: (schema: object) => Validate }

/**
 * Text becomes numbers in addresses and headers only; a body must already have the right types. Fastify asks for a
 * validator for each group of routes; those that know the same shapes share one, which saves a start most of its time.
 */
export const createValidatorBuilder = () => {
  const known = new Map<string, Compilers>()
  return (externalSchemas: unknown): FastifySchemaCompiler<unknown> => {
    const shapes = externalSchemas as Record<string, object>
    const key = Object.keys(shapes).join()
    const shared = Object.values(shapes)
    const compilers = known.get(key) ?? { body: createCompiler(false, shared), rest: createCompiler(true, shared) }
    known.set(key, compilers)
    return ({ schema, httpPart }) => (httpPart === 'body' ? compilers.body : compilers.rest)(schema as object) as never
  }
}

type SerializerBuilder = ReturnType<typeof SerializerSelector>
type Serialize = ReturnType<ReturnType<SerializerBuilder>>

/** Most routes answer the same shapes, problems above all: each is compiled once, not once for each route and status. */
export const createSerializerBuilder = (): SerializerBuilder => {
  const build = SerializerSelector()
  const known = new Map<string, Serialize>()
  return (externalSchemas, settings) => {
    const compile = build(externalSchemas, settings)
    const shapes = Object.keys(externalSchemas as object).join()
    return (route) => {
      const key = `${shapes} ${JSON.stringify(route.schema)}`
      const serialize = known.get(key) ?? compile(route)
      known.set(key, serialize)
      return serialize
    }
  }
}
