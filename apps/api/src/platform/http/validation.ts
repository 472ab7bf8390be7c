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

/**
 * Compiled when first asked, since compiling all of them is most of what a start would do. Stops at the first error; only
 * small input that has one is looked through again, for forms to show all.
 */
const createCompiler = (coerceTypes: boolean, shared: object[]) => {
  let quick: Ajv | undefined
  let thorough: Ajv | undefined
  return (schema: object): Validate => {
    let first: ReturnType<Ajv['compile']> | undefined
    let all: ReturnType<Ajv['compile']> | undefined
    const validate: Validate = (data) => {
      quick ??= createAjv(coerceTypes, false, shared)
      first ??= quick.compile(schema)
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

type Compile = ReturnType<ReturnType<typeof SerializerSelector>>
type Serialize = ReturnType<Compile>

/** The shapes that a schema names, and those that these name: the library checks whatever it is given, each time. */
const reachedFrom = (schema: unknown, shapes: Record<string, object>): Record<string, object> => {
  const reached: Record<string, object> = {}
  const follow = (text: string) => {
    for (const [, name = ''] of text.matchAll(/"\$ref":"([^"#]+)/g)) {
      const shape = shapes[name]
      if (!shape || reached[name]) continue
      reached[name] = shape
      follow(JSON.stringify(shape))
    }
  }
  follow(JSON.stringify(schema))
  return reached
}

/**
 * Most routes answer the same shapes, problems above all: each is compiled once, not once for each route and status, and
 * not before something is answered.
 */
export const createSerializerBuilder = (): ReturnType<typeof SerializerSelector> => {
  const build = SerializerSelector()
  const known = new Map<string, Serialize>()
  return (externalSchemas, settings) => {
    const shapes = externalSchemas as Record<string, object>
    const names = Object.keys(shapes).join()
    return (route) => {
      const key = `${names} ${JSON.stringify(route.schema)}`
      let compiled = known.get(key)
      return (data: unknown) => {
        compiled ??= known.get(key) ?? build(reachedFrom(route.schema, shapes), settings)(route)
        known.set(key, compiled)
        return compiled(data)
      }
    }
  }
}
