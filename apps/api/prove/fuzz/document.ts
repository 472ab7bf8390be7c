import formats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'

export type Schema = Record<string, unknown> & { $ref?: string; properties?: Record<string, Schema>; required?: string[] }
export type Parameter = { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }
type Media = Record<string, { schema?: Schema }>
type RawOperation = {
  'x-access': string
  parameters?: Parameter[]
  requestBody?: { content: Media }
  responses: Record<string, { content?: Media }>
}
export type OpenapiDocument = {
  paths: Record<string, Record<string, RawOperation>>
  components: { schemas: Record<string, Schema> }
}

export type Operation = {
  key: string
  method: string
  path: string
  access: string
  parameters: Parameter[]
  body: Schema | undefined
  statuses: string[]
}

export const readOperations = ({ paths }: OpenapiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      key: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      access: raw['x-access'],
      parameters: raw.parameters ?? [],
      body: raw.requestBody?.content['application/json']?.schema,
      statuses: Object.keys(raw.responses),
    })),
  )

/** What the protocol itself may answer to a request that never became one of an operation. */
const PROTOCOL = new Set(['400', '405', '408', '413', '414', '415', '429', '431'])
const escape = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1')

type Answer = { status: number; type: string; body: unknown }

/** Holds answers against the document they are promised by. Returns what is wrong, or nothing. */
export const createJudge = (document: OpenapiDocument) => {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  formats.default(ajv)
  ajv.addSchema(document, 'openapi')
  const known = new Map<string, ReturnType<typeof ajv.compile>>()
  const validatorAt = (pointer: string) => {
    const validator = known.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` })
    known.set(pointer, validator)
    return validator
  }

  return ({ method, path, statuses }: Operation, { status, type, body }: Answer): string | undefined => {
    if (status >= 500) return `${status}`
    const media = type.split(';')[0] ?? ''
    const name = String(status)
    if (!statuses.includes(name)) {
      if (!PROTOCOL.has(name)) return `${status} is not in the document`
      return validatorAt('/components/schemas/Problem')(body) ? undefined : `${status} is no problem document`
    }
    const responses = document.paths[path]?.[method.toLowerCase()]?.responses ?? {}
    const { content } = responses[name] ?? {}
    if (!content) return undefined
    if (!content[media]) return `${status} came as ${media}, not as ${Object.keys(content).join(' or ')}`
    if (!content[media].schema || !/json/.test(media)) return undefined
    const at = ['paths', path, method.toLowerCase(), 'responses', name, 'content', media, 'schema']
    const validate = validatorAt(`/${at.map(escape).join('/')}`)
    if (validate(body)) return undefined
    const [error] = validate.errors ?? []
    return `${status} breaks its schema at ${error?.instancePath}: ${error?.message}`
  }
}
