import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import Provider from 'oidc-provider'

type Person = {
  email?: string
  email_verified?: boolean
  name?: string
  given_name?: string
  family_name?: string
  locale?: string
}
const CLIENT = { client_id: 'marquee', client_secret: 'a secret of this test' }

const configure = (redirect_uris: string[], people: Map<string, Person>) => ({
  clients: [{ ...CLIENT, redirect_uris, grant_types: ['authorization_code'], response_types: ['code' as const] }],
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name', 'locale'] },
  findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
  interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  features: { devInteractions: { enabled: false } },
  cookies: { keys: [randomUUID()] },
  ttl: { Interaction: 600, Session: 600, Grant: 600, AuthorizationCode: 60, AccessToken: 60, IdToken: 60 },
  jwks: {
    keys: [
      { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' },
    ],
  },
})

const DESK = `<!doctype html><html lang="en"><title>The town’s library</title><form><label>Reader <input name="email"></label><button>Go on</button></form></html>`

/**
 * A certified OpenID provider on this machine, at whose desk one person sits and agrees to everything. With `asks` whoever
 * comes is asked who they are, by an address that the provider then vouches for.
 */
export const startOidcProvider = async (redirect_uri: string, { asks = false } = {}) => {
  const people = new Map<string, Person>()
  let present = ''
  const answer = { handle: (_request: IncomingMessage, response: ServerResponse) => void response.end() }
  const server = createServer((request, response) => answer.handle(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, configure([redirect_uri], people))

  const interact = async (request: IncomingMessage, response: ServerResponse) => {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    const told = new URL(request.url ?? '', issuer).searchParams.get('email')
    if (asks && prompt.name === 'login') {
      if (told === null) return void response.setHeader('content-type', 'text/html; charset=utf-8').end(DESK)
      people.set(told, { email: told, email_verified: true, name: 'Леся Косач', locale: 'uk' })
      return provider.interactionFinished(request, response, { login: { accountId: told } })
    }
    if (present === '' && !asks) return provider.interactionFinished(request, response, { error: 'access_denied' })
    if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: present } })
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) })
    grant.addOIDCScope('openid email profile')
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
  }
  const speak = provider.callback()
  answer.handle = (request, response) =>
    void (request.url?.startsWith('/interaction/') ? interact(request, response) : speak(request, response))

  /** What a browser does there: it follows, and keeps cookies, until it is sent back to the cinema. */
  const visit = async (location: string): Promise<URL> => {
    const jar = new Map<string, string>()
    let next = new URL(location)
    while (next.origin === issuer) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const reply = await fetch(next, { redirect: 'manual', headers: { cookie } })
      for (const line of reply.headers.getSetCookie()) {
        const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
        jar.set(name, value)
      }
      const to = reply.headers.get('location')
      if (!to) throw new Error(`The provider answers ${reply.status}: ${await reply.text()}`)
      next = new URL(to, issuer)
    }
    return next
  }

  return {
    issuer,
    client: CLIENT,
    visit,
    /** Who sits there; nobody refuses. */
    seat: (subject: string, person: Person = {}) => {
      present = subject
      if (subject !== '') people.set(subject, person)
    },
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  }
}
