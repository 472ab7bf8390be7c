import type { Configuration } from 'openid-client'

import { noSuchProvider, oidcDenied, oidcFailed, providerUnavailable } from '#modules/auth/errors.ts'
import type { Log } from '#platform/log.ts'
import type { OidcProvider } from './oidc-providers.ts'

const TIMEOUT_SECONDS = 5
const KNOWN_FOR_MS = 3_600_000

/** Loaded when somebody first comes from elsewhere; most processes never need it. */
const library = () => import('openid-client')

/** What binds an answer to the browser that began. */
export type Proofs = { state: string; nonce: string; verifier: string }
export type Claims = {
  subject: string
  email?: string
  email_verified: boolean
  first_name: string
  last_name: string
  locale?: string
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const toClaims = (claims: Record<string, unknown> & { sub: string }): Claims => {
  const [first = '', ...rest] = textOf(claims['name']).split(' ')
  return {
    subject: claims.sub,
    ...(typeof claims['email'] === 'string' && { email: claims['email'] }),
    email_verified: claims['email_verified'] === true,
    first_name: textOf(claims['given_name']) || first,
    last_name: textOf(claims['family_name']) || rest.join(' '),
    ...(typeof claims['locale'] === 'string' && { locale: claims['locale'] }),
  }
}

const isUnreachable = (error: unknown) =>
  error instanceof TypeError ||
  ['TimeoutError', 'AbortError'].includes((error as Error).name) ||
  (error as { code?: string }).code === 'OAUTH_TIMEOUT'

type Parts = { providers: OidcProvider[]; redirectUri: (name: string) => string; log: Log }

/** Speaks OpenID Connect to configured providers: authorization code with PKCE, state and nonce. */
export const createOidcClient = ({ providers, redirectUri, log }: Parts) => {
  const known = new Map<string, { at: number; configuration: Promise<Configuration> }>()

  const find = (name: string): OidcProvider => {
    const provider = providers.find((one) => one.name === name)
    if (!provider) throw noSuchProvider()
    return provider
  }

  const failed = (name: string, error: unknown) => {
    if ((error as { code?: string }).code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR') return oidcDenied()
    log.warn({ provider: name, reason: (error as Error).message, code: (error as { code?: string }).code }, 'OpenID provider')
    return isUnreachable(error) ? providerUnavailable() : oidcFailed()
  }

  const discover = async ({ issuer, client_id, client_secret }: OidcProvider) => {
    // oxlint-disable-next-line typescript/no-deprecated -- for a provider on this machine, outside production
    const { allowInsecureRequests, discovery, None } = await library()
    return discovery(new URL(issuer), client_id, client_secret, client_secret ? undefined : None(), {
      timeout: TIMEOUT_SECONDS,
      ...(issuer.startsWith('http:') && { execute: [allowInsecureRequests] }),
    })
  }

  const configurationOf = async (provider: OidcProvider): Promise<Configuration> => {
    const { name } = provider
    const found = known.get(name)
    if (found && found.at > performance.now() - KNOWN_FOR_MS) return found.configuration
    const configuration = discover(provider)
    known.set(name, { at: performance.now(), configuration })
    try {
      return await configuration
    } catch (error) {
      known.delete(name)
      log.warn({ provider: name, reason: (error as Error).message }, 'OpenID provider')
      throw providerUnavailable()
    }
  }

  return {
    /** Where to send the browser, and what its answer must match. */
    begin: async (name: string): Promise<{ location: string; proofs: Proofs }> => {
      const provider = find(name)
      const oidc = await library()
      const configuration = await configurationOf(provider)
      const proofs = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() }
      const location = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri(name),
        scope: provider.scope,
        state: proofs.state,
        nonce: proofs.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(proofs.verifier),
        code_challenge_method: 'S256',
      })
      return { location: location.href, proofs }
    },
    /** Exchanges the code; answers who the provider says is there. */
    finish: async (name: string, query: string, { state, nonce, verifier }: Proofs): Promise<Claims> => {
      const configuration = await configurationOf(find(name))
      const { authorizationCodeGrant, fetchUserInfo } = await library()
      try {
        const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectUri(name)}?${query}`), {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) throw new Error('There is no ID token.')
        if (claims['email'] !== undefined || !configuration.serverMetadata().userinfo_endpoint) return toClaims(claims)
        return toClaims({ ...claims, ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)) })
      } catch (error) {
        throw failed(name, error)
      }
    },
  }
}
export type OidcClient = ReturnType<typeof createOidcClient>
