import { createClient, isApiError, unwrap } from '@marquee/contract/client'
import { expect, test, vi } from 'vitest'

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => Response.json(body, { status, headers })

const problem = (status: number, code: string, more = {}) =>
  json(status, { type: 'about:blank', title: 'T', status, detail: 'D', code, request_id: 'r-1', ...more })

const user = { id: 1 }
const clientOf = (answer: (request: Request) => Response | Promise<Response>) => {
  const send = vi.fn<typeof fetch>((input, init) => Promise.resolve(answer(new Request(input, init))))
  return { ...createClient({ baseUrl: 'http://cinema.test', fetch: send }), send }
}
const paths = (send: ReturnType<typeof clientOf>['send']) =>
  send.mock.calls.map(([input]) => new URL(input instanceof Request ? input.url : String(input)).pathname)

test('a stale token is renewed once, however many calls found it stale, and nobody notices', async () => {
  const { api, session, send } = clientOf((request) => {
    if (request.url.endsWith('/auth/refresh')) return json(200, { access_token: 'fresh', user })
    return request.headers.get('authorization') === 'Bearer fresh' ? json(200, { id: 1 }) : problem(401, 'auth.expired')
  })
  session.open({ access_token: 'stale', user } as Parameters<typeof session.open>[0])
  const call = () => unwrap(api.GET('/api/v1/auth/me'))
  await expect(Promise.all([call(), call(), call()])).resolves.toHaveLength(3)
  expect(paths(send).filter((path) => path.endsWith('/refresh'))).toHaveLength(1)
  expect(session.token()).toBe('fresh')
})

test('who cannot be renewed is signed out, and the refusal is told as the server told it', async () => {
  const { api, session } = clientOf(() => problem(401, 'auth.token_revoked'))
  session.open({ access_token: 'old', user } as Parameters<typeof session.open>[0])
  const failed: unknown = await unwrap(api.GET('/api/v1/auth/me')).catch((error: unknown) => error)
  expect(failed).toMatchObject({ status: 401, code: 'auth.token_revoked', request_id: 'r-1' })
  expect(session.user()).toBeUndefined()
})

test('a problem keeps its code, its fields and the data it names', async () => {
  const { api } = clientOf(() =>
    problem(409, 'tickets.seats_taken', { seat_ids: [5], errors: [{ pointer: '/seat_ids', detail: 'x', code: 'y' }] }),
  )
  const failed: unknown = await unwrap(api.GET('/api/v1/cinemas')).catch((error: unknown) => error)
  expect(isApiError(failed)).toBe(true)
  expect(failed).toMatchObject({ status: 409, data: { seat_ids: [5] }, errors: [{ pointer: '/seat_ids' }] })
})

test('a server that is away, or answers in no known form, is an error with a name', async () => {
  const away = clientOf(() => Promise.reject(new TypeError('Failed to fetch')))
  await expect(unwrap(away.api.GET('/api/v1/cinemas'))).rejects.toMatchObject({ status: 0, code: 'network.unreachable' })
  const broken = clientOf(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
  await expect(unwrap(broken.api.GET('/api/v1/cinemas'))).rejects.toMatchObject({ status: 502, code: 'server.unavailable' })
})

test('the body of a call that had to be repeated is sent again whole', async () => {
  const bodies: string[] = []
  const { api, session } = clientOf(async (request) => {
    if (request.url.endsWith('/auth/refresh')) return json(200, { access_token: 'fresh', user })
    bodies.push(await request.text())
    return bodies.length === 1 ? problem(401, 'auth.expired') : json(201, { id: 1 })
  })
  session.open({ access_token: 'stale', user } as Parameters<typeof session.open>[0])
  await unwrap(api.POST('/api/v1/tickets', { body: { session_id: 1, seat_ids: [2] } }))
  expect(bodies).toEqual(['{"session_id":1,"seat_ids":[2]}', '{"session_id":1,"seat_ids":[2]}'])
})

test('whoever looks through somebody’s eyes never acts in their own name by mistake, and comes back to themselves', async () => {
  const { api, session, send } = clientOf((request) => {
    if (request.url.endsWith('/auth/refresh')) return json(200, { access_token: 'own', user })
    return request.headers.get('authorization') === 'Bearer own' ? json(200, { id: 1 }) : problem(401, 'auth.token_expired')
  })
  session.borrow({ access_token: 'lent', user: { ...user, id: 2 } } as Parameters<typeof session.borrow>[0])
  expect(session.isBorrowed()).toBe(true)
  await expect(unwrap(api.PATCH('/api/v1/users/me', { body: { full_name: 'X' } }))).rejects.toMatchObject({ status: 401 })
  expect(paths(send)).toEqual(['/api/v1/users/me'])
  const late = unwrap(api.PATCH('/api/v1/users/me', { body: { full_name: 'X' } })).catch(() => 'refused')
  await session.renew()
  expect([await late, session.isBorrowed(), session.token()]).toEqual(['refused', false, 'own'])
  expect(paths(send).filter((path) => path.endsWith('/me'))).toHaveLength(2)
})

test('a wrong code is told as it is, and not sent twice', async () => {
  const { api, session, send } = clientOf(() => problem(401, 'auth.wrong_code'))
  session.open({ access_token: 'good', user } as Parameters<typeof session.open>[0])
  await expect(unwrap(api.GET('/api/v1/auth/me'))).rejects.toMatchObject({ code: 'auth.wrong_code' })
  expect([send.mock.calls.length, session.token()]).toEqual([1, 'good'])
})
