import createFetchClient, { type Client, type Middleware } from 'openapi-fetch'

import { apiError, isApiError, type Problem } from './errors.ts'
import type { components, paths } from './schema.d.ts'
import { createSession, type Session, type SessionOptions } from './session.ts'

export { isApiError, type ApiError, type FieldError, type Problem } from './errors.ts'
export type { Session } from './session.ts'

/** A shape of the contract by its name: `Shape<'Movie'>`. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name]

export type Api = Client<paths>
export type MarqueeClient = { api: Api; session: Session }

type Answer<Data> = { data?: Data; error?: unknown; response: Response }

/** The data of an answer; a refusal is thrown as the problem that the server named. */
export const unwrap = async <Data>(answer: Promise<Answer<Data>>): Promise<Data> => {
  const { data, error, response } = await answer
  if (response.ok) return data as Data
  throw apiError(error as Partial<Problem> | undefined, response)
}

/** A wrong code or password is refused by 401 as well: no younger token makes it right, and to send it again would count twice. */
const ABOUT_A_PROOF = /\.(?:wrong_\w+|totp_required|passkey_refused)$/

const isAboutToken = async (answer: Response): Promise<boolean> => {
  if (answer.status !== 401) return false
  const problem = (await answer
    .clone()
    .json()
    .catch(() => undefined)) as Partial<Problem> | undefined
  return !ABOUT_A_PROOF.test(problem?.code ?? '')
}

const unreachable = (error: unknown) =>
  isApiError(error) || (error instanceof Error && error.name === 'AbortError')
    ? error
    : apiError({ code: 'network.unreachable', detail: 'The server cannot be reached.' })

const bearer = (session: Session): Middleware => ({
  onRequest: ({ request }) => {
    const token = session.token()
    if (token !== undefined && !request.headers.has('authorization')) request.headers.set('authorization', `Bearer ${token}`)
    return request
  },
})

/** Every call answers or throws an ApiError; whoever was signed in stays so while the refresh cookie is good. */
export const createClient = ({
  baseUrl,
  fetch: send = globalThis.fetch.bind(globalThis),
}: SessionOptions = {}): MarqueeClient => {
  const session = createSession({ baseUrl, fetch: send })

  const refreshing = async (request: Request) => {
    const used = request.headers.get('authorization')
    if (used === null) return send(request)
    const again = request.clone()
    const first = await send(request)
    if (!(await isAboutToken(first)) || !(await session.renew(used.replace('Bearer ', '')))) return first
    again.headers.set('authorization', `Bearer ${session.token() ?? ''}`)
    return send(again)
  }

  const api = createFetchClient<paths>({
    ...(baseUrl === undefined ? {} : { baseUrl }),
    credentials: 'same-origin',
    headers: { 'x-marquee-client': 'web' },
    fetch: (request) =>
      refreshing(request).catch((error: unknown) => {
        throw unreachable(error)
      }),
  })
  api.use(bearer(session))
  return { api, session }
}
