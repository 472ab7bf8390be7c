import { generateSync } from 'json-schema-faker'

import type { OpenapiDocument, Schema } from './document.ts'
import { hostileValue } from './hostile.ts'
import type { Random } from './random.ts'

type Json = Record<string, unknown>
/** Knows better than the schema what a field of this name should hold; nothing when it does not. */
export type Fill = (name: string) => { value: unknown } | undefined

/** Makes values of the document's schemas: such that fit, such that almost fit, and such that are meant badly. */
export const createValues = (document: OpenapiDocument, random: Random) => {
  const seed = () => random.below(2 ** 31)
  const resolve = (schema: Schema): Schema => {
    if (!schema.$ref) return schema
    const name = schema.$ref.split('/').at(-1) ?? ''
    return resolve(document.components.schemas[name] ?? {})
  }

  const fitting = (schema: Schema): unknown => generateSync({ ...schema, components: document.components }, { seed: seed() })

  /** All required fields, and each optional one sometimes. */
  const object = (schema: Schema, fill: Fill, share: number): Json => {
    const { properties = {}, required = [] } = resolve(schema)
    const wanted = Object.keys(properties).filter((name) => required.includes(name) || random.chance(share))
    return Object.fromEntries(
      wanted.map((name) => {
        const filled = fill(name)
        return [name, filled ? filled.value : fitting(properties[name] as Schema)]
      }),
    )
  }

  const breakOne = (body: Json): Json => {
    const names = Object.keys(body)
    const name = random.pick(names)
    return random.pick([
      () => ({ ...body, [`${name ?? 'un'}known`]: 1 }),
      () => Object.fromEntries(Object.entries(body).filter(([key]) => key !== name)),
      () => ({ ...body, ...(name && { [name]: hostileValue(random) }) }),
      () => ({ ...body, ...(name && { [name]: String(body[name]) }) }),
      () => ({ ...body, ...(name && { [name]: [body[name]] }) }),
    ])()
  }

  return { fitting, object, breakOne, resolve }
}
