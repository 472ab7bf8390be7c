import type { FieldError } from '../errors.ts'

type Params = {
  limit?: number
  type?: string | string[]
  allowedValues?: unknown[]
  format?: string
  pattern?: string
  additionalProperty?: string
  missingProperty?: string
}
export type AjvError = { keyword: string; instancePath: string; message?: string; params: Params }

const MAX_FIELD_ERRORS = 20

const escapePointer = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

const TYPES: Record<string, string> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

const FORMATS: Record<string, string> = {
  date: 'a date such as 2026-03-28',
  'date-time': 'a moment with its offset, such as 2026-03-28T19:30:00+02:00 or 2026-03-28T17:30:00Z',
  email: 'an e-mail address',
  uuid: 'a UUID',
  uri: 'a web address',
}

/** What the patterns that people run into mean; all others are shown as they are. */
const PATTERNS: Record<string, string> = {
  '\\S': 'more than spaces',
  '^[12]\\d{3}-': 'of a year from 1000 to 2999',
  '^([01]\\d|2[0-3]):[0-5]\\d$': 'a time of day such as 09:30',
  '^[+0-9 ()-]{5,32}$': 'a phone number: digits, spaces, + - ( )',
  '^[^@\\s]+$': 'without spaces and @',
  '^[A-Z]{3}$': 'three capital letters such as UAH',
  '^https?://': 'an address that begins with https:// or http://',
  '^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$': 'a language such as uk or en-GB',
}

const characters = (limit: number) => `${limit} ${limit === 1 ? 'character' : 'characters'}`
const entries = (limit: number) => `${limit} ${limit === 1 ? 'entry' : 'entries'}`

/** By keyword of the schema that was not met: what a value must be, in words. */
const MUSTS: Record<string, (params: Params) => string | undefined> = {
  type: ({ type = [] }) =>
    [type]
      .flat()
      .map((name) => TYPES[name])
      .join(' or '),
  enum: ({ allowedValues = [] }) => `one of: ${allowedValues.join(', ')}`,
  minimum: ({ limit = 0 }) => `${limit} or more`,
  maximum: ({ limit = 0 }) => `${limit} or less`,
  exclusiveMinimum: ({ limit = 0 }) => `more than ${limit}`,
  exclusiveMaximum: ({ limit = 0 }) => `less than ${limit}`,
  minLength: ({ limit = 0 }) => `at least ${characters(limit)} long`,
  maxLength: ({ limit = 0 }) => `at most ${characters(limit)} long`,
  minItems: ({ limit = 0 }) => `a list of at least ${entries(limit)}`,
  maxItems: ({ limit = 0 }) => `a list of at most ${entries(limit)}`,
  uniqueItems: () => 'a list that names nothing twice',
  format: ({ format = '' }) => FORMATS[format],
  pattern: ({ pattern = '' }) => PATTERNS[pattern],
}

const toFieldError = ({ keyword, instancePath, message, params }: AjvError): FieldError => {
  const within = (name = '') => `${instancePath}/${escapePointer(name)}`
  if (keyword === 'additionalProperties')
    return {
      pointer: within(params.additionalProperty),
      detail: 'This field is not known.',
      code: 'request.unknown_field',
    }
  if (keyword === 'required')
    return { pointer: within(params.missingProperty), detail: 'This field is missing.', code: 'request.missing_field' }
  const must = MUSTS[keyword]?.(params)
  const detail = must ? `This must be ${must}.` : `This ${message ?? 'is wrong'}.`
  return { pointer: instancePath, detail, code: `request.${keyword}` }
}

/** Whatever else is wrong with a text says more than its pattern. */
const isSaidAnyway = (error: AjvError, all: AjvError[]) =>
  error.keyword === 'pattern' &&
  all.some(({ keyword, instancePath }) => keyword !== 'pattern' && instancePath === error.instancePath)

/** What the validator found, as sentences, each with its place. */
export const toFieldErrors = (found: AjvError[]): FieldError[] =>
  found
    .filter((error) => !isSaidAnyway(error, found))
    .slice(0, MAX_FIELD_ERRORS)
    .map(toFieldError)
