import { type Static, type TProperties, type TSchema, Type } from 'typebox'

/** Unknown fields are an error, never dropped: a typo must not silently do something else. */
export const strict = { additionalProperties: false } as const

export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const Timestamp = Type.Unsafe<Date>({ type: 'string', format: 'date-time' })
export const Amount = Type.Number({ minimum: 0, maximum: 1e12 })
export const IdParams = Type.Object({ id: Id }, strict)

type Plain = { type?: string; enum?: unknown[] }

/** Says `type: [x, 'null']` where it can: `anyOf` makes the serialiser validate every value. */
export const Nullable = <T extends TSchema>(schema: T) => {
  const { type, enum: values, ...rest } = schema as Plain
  if (values) return Type.Unsafe<Static<T> | null>({ ...rest, enum: [...values, null] })
  if (type) return Type.Unsafe<Static<T> | null>({ ...rest, type: [type, 'null'] })
  return Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })
}

/** Refers to a shared shape by its `$id`, so that the contract names it once. */
export const ref = <T extends TSchema>(schema: T & { $id?: string }) => {
  if (!schema.$id) throw new Error('Only a schema with an $id can be referred to.')
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` })
}

/** A shared shape: registered once under its name, referred to with `ref`. Examples fill the forms of the docs page. */
export const shape = <T extends TProperties>($id: string, properties: T, ...examples: object[]) =>
  Type.Object(properties, { $id, ...strict, ...(examples.length > 0 ? { examples } : {}) })

export const FieldError = shape('FieldError', {
  pointer: Type.String({ description: 'A JSON pointer (RFC 6901) into what was sent; empty for all of it.' }),
  detail: Type.String(),
  code: Type.String(),
})

/** RFC 9457. Named data of an error (`seat_ids`, `amount_due` …) stands beside these members. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Stable: `<module>.<reason>`.' }),
    request_id: Type.String(),
    errors: Type.Optional(Type.Array(ref(FieldError))),
  },
  { $id: 'Problem', additionalProperties: true },
)

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Sign-in needed',
  402: 'Payment declined',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  408: 'Timeout',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid',
  426: 'Upgrade needed',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Server error',
  503: 'Unavailable',
}
export const problemTitle = (status: number) => TITLES[status] ?? 'Error'

/** Documents failures of a route. Handlers throw them, so they do not take part in the handler's types. */
export const problems = (...statuses: number[]): object =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: problemTitle(status), content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } },
    ]),
  )
