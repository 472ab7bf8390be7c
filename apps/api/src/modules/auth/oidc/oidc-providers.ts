import { readFileSync } from 'node:fs'

import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

import { type Config, configError } from '#platform/config.ts'
import { strict } from '#platform/http/schemas.ts'

const Provider = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    label: Type.String({ minLength: 1, maxLength: 60 }),
    issuer: Type.String({ pattern: '^https?://[^\\s?#@]+$' }),
    client_id: Type.String({ minLength: 1 }),
    client_secret: Type.Optional(Type.String({ minLength: 1 })),
    scope: Type.String({ pattern: '(^| )openid( |$)', default: 'openid email profile' }),
  },
  strict,
)
const Providers = Type.Array(Provider)
export type OidcProvider = Static<typeof Provider>

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/

const read = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw configError(`OIDC_PROVIDERS_FILE ${file} cannot be read as JSON: ${(error as Error).message}.`)
  }
}

/** Who may sign people in. Only the operator names them: no address of a provider ever comes from a request. */
export const readOidcProviders = ({ OIDC_PROVIDERS_FILE: file, NODE_ENV }: Pick<Config, 'OIDC_PROVIDERS_FILE' | 'NODE_ENV'>) => {
  if (!file) return []
  const providers = Value.Default(Providers, read(file))
  const [problem] = Value.Errors(Providers, providers)
  if (problem) throw configError(`OIDC_PROVIDERS_FILE ${file} is wrong at ${problem.instancePath || '/'}: it ${problem.message}.`)
  for (const { name, issuer } of providers as OidcProvider[])
    if (!issuer.startsWith('https:') && (NODE_ENV === 'production' || !LOOPBACK.test(issuer)))
      throw configError(`OIDC_PROVIDERS_FILE ${file}: the issuer of ${name} must be an https address.`)
  return providers as OidcProvider[]
}
