import type { components } from './schema.d.ts'

type Token = components['schemas']['Token']
export type User = Token['user']
export type SessionOptions = { baseUrl?: string | undefined; fetch?: typeof globalThis.fetch }

export type Session = ReturnType<typeof createSession>

const REFRESH = '/api/v1/auth/refresh'

/** Who is signed in on this page. The access token lives here only; the refresh token lives in a cookie that no script can read. */
export const createSession = ({ baseUrl = '', fetch: send = globalThis.fetch.bind(globalThis) }: SessionOptions) => {
  let token: string | undefined
  let user: User | undefined
  let borrowed: string | undefined
  let renewing: Promise<boolean> | undefined
  const listeners = new Set<() => void>()

  const put = (next: { token: string | undefined; user: User | undefined }) => {
    ;({ token, user } = next)
    for (const listener of listeners) listener()
  }
  const open = (answer: Pick<Token, 'access_token' | 'user'>) =>
    put({ token: answer.access_token ?? undefined, user: answer.user })
  /** To look through somebody's eyes for a while: the cookie stays the looker's, so `renew()` leads back to them. */
  const borrow = (answer: Pick<Token, 'access_token' | 'user'>) => {
    borrowed = answer.access_token ?? undefined
    open(answer)
  }
  const close = () => put({ token: undefined, user: undefined })

  const refresh = async () => {
    const response = await send(`${baseUrl}${REFRESH}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-marquee-client': 'web' },
      body: '{}',
    })
    if (response.ok) open((await response.json()) as Token)
    else if (response.status < 500) close()
    return response.ok
  }

  /** One refresh at a time, however many calls found their token stale; `stale` is the token that was refused. */
  const renew = (stale?: string): Promise<boolean> => {
    // What was begun in somebody else's name must not end in one's own.
    if (stale !== undefined && stale === borrowed) return Promise.resolve(false)
    if (stale !== undefined && token !== undefined && stale !== token) return Promise.resolve(true)
    renewing ??= refresh().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  return {
    token: () => token,
    user: () => user,
    /** Whether the user is somebody whom staff look through. */
    isBorrowed: () => token !== undefined && token === borrowed,
    open,
    borrow,
    close,
    renew,
    /** Calls back on every sign-in, renewal and sign-out, until the returned function is called. */
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
