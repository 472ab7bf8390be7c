import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { permissions } from './access.ts'

const ORIGIN = 'https://tickets.example'
const MEBIBYTE = 1024 * 1024
/** Nobody else is served meanwhile. Refusing costs one to three readings of the same text; telling all its errors would cost fifteen. */
const MOST_READINGS = 7
const app = await startTestApp({ config: { CORS_ORIGINS: [ORIGIN] } })
const { anonymous, as, server, database, given } = app
const customer = await as('customer')
const manager = await as('manager')

const json = { 'content-type': 'application/json' }
const login = (body: unknown, headers: Record<string, string> = json) => anonymous.post('/api/v1/auth/login', body, headers)
const problem = (status: number, code: string) => ({
  status,
  headers: { 'content-type': expect.stringMatching(/^application\/problem\+json/) },
  body: {
    type: 'about:blank',
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
    request_id: expect.any(String),
  },
})

describe('what a client gets wrong is told in one shape', () => {
  test('R-211: an address that leads nowhere', async () => {
    expect(await anonymous.get('/api/v1/nothing')).toMatchObject(problem(404, 'request.no_such_route'))
    expect(await anonymous.delete('/api/v1/auth/login')).toMatchObject(problem(404, 'request.no_such_route'))
  })

  test('R-204: fields and parameters that are unknown, missing or wrong, each by its place', async () => {
    expect(await login({ email: 'a@b.cd', password: 'x', 'remember/me': true, name: 1 })).toMatchObject({
      ...problem(422, 'request.invalid'),
      body: {
        errors: [
          { pointer: '/remember~1me', code: 'request.unknown_field' },
          { pointer: '/name', code: 'request.unknown_field' },
        ],
      },
    })
    expect(await login({ email: 5 })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/password', code: 'request.missing_field' }, { pointer: '/email' }] },
    })
    expect(await anonymous.get('/api/v1/movies?serach=dune')).toMatchObject({
      ...problem(422, 'request.invalid'),
      body: { errors: [{ pointer: '/serach' }] },
    })
    expect(await anonymous.get('/api/v1/movies/one')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/id' }] } })
    expect(await anonymous.get('/api/v1/movies/9007199254740993')).toMatchObject({ status: 422 })
  })

  test.each([
    ['/api/v1/movies?size=0', 'This must be 1 or more.'],
    ['/api/v1/movies?is_active=maybe', 'This must be true or false.'],
    ['/api/v1/movies/one', 'This must be a whole number.'],
    ['/api/v1/sessions?format=4dx', 'This must be one of: 2d, 3d, imax.'],
    ['/api/v1/events?date_from=tomorrow', 'This must be a date such as 2026-03-28.'],
    ['/api/v1/events?date_from=0026-03-28', 'This must be of a year from 1000 to 2999.'],
  ])('R-204: %s is refused with one sentence that says what would be right', async (url, detail) => {
    const { status, body } = await anonymous.get(url)
    expect([status, body.errors?.map((error: { detail: string }) => error.detail)]).toEqual([422, [detail]])
  })

  test('R-204: so are the fields of a body', async () => {
    const { body } = await manager.post('/api/v1/cinemas', {
      name: ' ',
      address: '',
      city: 'Lviv',
      opening_time: '25:00',
      phone: 5,
    })
    expect(
      Object.fromEntries(body.errors.map((error: { pointer: string; detail: string }) => [error.pointer, error.detail])),
    ).toEqual({
      '/name': 'This must be more than spaces.',
      '/address': 'This must be at least 1 character long.',
      '/opening_time': 'This must be a time of day such as 09:30.',
      '/phone': 'This must be a text or null.',
    })
  })

  test.each([
    ['not JSON', '{"email":', 400, 'request.not_json'],
    ['empty', '', 400, 'request.empty_body'],
    ['a list', '[]', 422, 'request.invalid'],
    ['a text', '"email"', 422, 'request.invalid'],
    ['null', 'null', 422, 'request.invalid'],
    ['a prototype', '{"email":"a@b.cd","password":"x","__proto__":{"role":"admin"}}', 400, 'request.not_json'],
    ['a constructor', '{"email":"a@b.cd","password":"x","constructor":{"prototype":{"role":"admin"}}}', 400, 'request.not_json'],
    ['20,000 brackets', '['.repeat(20_000), 400, 'request.not_json'],
    ['20,000 brackets, closed', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 422, 'request.invalid'],
    [
      '20,000 brackets within a field',
      `{"email":${'['.repeat(20_000)}${']'.repeat(20_000)},"password":"x"}`,
      422,
      'request.invalid',
    ],
    ['larger than a mebibyte', JSON.stringify({ email: 'a'.repeat(1.5 * MEBIBYTE), password: 'x' }), 413, 'request.too_large'],
  ])('a body that is %s', async (_what, body, status, code) => {
    expect(await login(body)).toMatchObject(problem(status, code))
    expect(({} as { role?: string }).role).toBeUndefined()
  })

  test('a body of another kind', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x'])
      expect(await login('<login/>', { 'content-type': type })).toMatchObject(problem(415, 'request.media_type'))
    expect(
      await customer.patch('/api/v1/users/me', 'city=Lviv', { 'content-type': 'application/x-www-form-urlencoded' }),
    ).toMatchObject(problem(415, 'request.media_type'))
  })

  test('a character that no database stores', async () => {
    expect(await customer.patch('/api/v1/users/me', { first_name: 'O\u0000lena' })).toMatchObject(
      problem(422, 'request.unstorable_text'),
    )
    expect(await login({ username: 'a\u0000b', password: 'x' })).toMatchObject(problem(422, 'request.unstorable_text'))
    expect(await anonymous.get('/api/v1/movies?search=%00')).toMatchObject({ status: 422 })
    expect(await anonymous.get('/api/v1/cinemas?city=%00')).toMatchObject({ status: 422 })
    const facilities = { parking: 'yes\u0000' }
    const cinema = { name: 'Kino', address: 'Street 1', city: 'Lviv', facilities }
    expect(await manager.post('/api/v1/cinemas', cinema)).toMatchObject({ status: 422 })
  })

  test('half a character is stored as a whole one', async () => {
    expect(await customer.patch('/api/v1/users/me', '{"first_name":"\\ud83c"}', json)).toMatchObject({
      status: 200,
      body: { first_name: '\ufffd' },
    })
  })

  test('an address that is no address, or very long', async () => {
    expect(await anonymous.get('/api/v1/movies/%E0%A4%A')).toMatchObject(problem(400, 'request.bad_url'))
    expect(await anonymous.get(`/api/v1/movies/${'1'.repeat(5_000)}`)).toMatchObject({
      status: expect.toBeOneOf([404, 414, 422]),
    })
    expect(await anonymous.get(`/api/v1/movies?search=${'a'.repeat(8_000)}`)).toMatchObject({ status: 422 })
  })

  test('a key that is too long for one', async () => {
    const session = await given.session()
    const hold = (key: string) =>
      customer.post(
        '/api/v1/tickets',
        { session_id: session.id, seat_ids: session.seat_ids.slice(0, 1) },
        { 'idempotency-key': key },
      )
    expect(await hold('k'.repeat(256))).toMatchObject(problem(422, 'request.invalid'))
    expect(await hold('')).toMatchObject(problem(422, 'request.invalid'))
  })
})

/** CPU milliseconds of this process. */
const spent = async (work: () => unknown) => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

test('Q-22: a mebibyte of wrong fields is refused quickly, and the answer is short', async () => {
  const bodies = [
    { session_id: 1, seat_ids: Array.from({ length: 140_000 }, (_, index) => index) },
    { session_id: 1, seat_ids: Array.from({ length: 240_000 }, () => 'x') },
    { session_id: 1, seats: Array.from({ length: 300_000 }, () => ({})) },
    Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`f${index}`, 1])),
  ].map((fields) => JSON.stringify(fields))
  expect(Math.max(...bodies.map(({ length }) => length))).toBeLessThan(MEBIBYTE)
  // Validators are compiled when something is first asked of them; that is once for a process, whatever is sent.
  expect((await customer.post('/api/v1/tickets', { unknown: 1 })).status).toBe(422)

  const refuseAll = async () => {
    for (const body of bodies) {
      const reply = await customer.post('/api/v1/tickets', body, json)
      expect(reply).toMatchObject(problem(422, 'request.invalid'))
      // The first error is told; nobody has looked for the others.
      expect(reply.body.errors).toHaveLength(1)
    }
  }
  const readings: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const read_ms = await spent(() => bodies.map((body) => JSON.parse(body)))
    readings.push((await spent(refuseAll)) / read_ms)
  }
  expect(Math.min(...readings)).toBeLessThan(MOST_READINGS)
})

describe('every answer', () => {
  test('names its request: ours, or the client’s when it looks like one', async () => {
    const given_id = { 'x-request-id': 'client-request-1' }
    expect(await anonymous.get('/api/v1/genres', undefined, given_id)).toMatchObject({ headers: given_id })
    expect((await anonymous.get('/api/v1/nothing', undefined, given_id)).body.request_id).toBe('client-request-1')
    for (const bad of ['short', 'with spaces in it', '<script>alert(1)</script>', 'x'.repeat(200)])
      expect((await anonymous.get('/api/v1/nothing', undefined, { 'x-request-id': bad })).body.request_id).toMatch(
        /^[0-9a-f-]{36}$/,
      )
  })

  test.each(['/api/v1/genres', '/api/v1/nothing', '/health', '/openapi.json', '/docs/static/index.html'])(
    'R-206: carries the security headers: %s',
    async (path) => {
      const { headers } = await anonymous.get(path)
      expect(headers).toMatchObject({
        'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': expect.stringMatching(/DENY|SAMEORIGIN/),
        'content-security-policy': expect.stringMatching(/^default-src 'none'(?!.*unsafe)/),
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        // The filter of old browsers made holes of its own, so it is told to stay off.
        'x-xss-protection': '0',
      })
      expect(headers['x-powered-by']).toBeUndefined()
    },
  )

  test('R-208: a refusal tells nothing about stacks, statements or files', async () => {
    const replies = await Promise.all([
      login('{'),
      anonymous.get('/api/v1/nothing'),
      customer.patch('/api/v1/users/me', { first_name: '\u0000' }),
      anonymous.get('/api/v1/movies/x'),
    ])
    for (const { body } of replies) expect(JSON.stringify(body)).not.toMatch(/select |insert |node_modules|\.ts|at \w+ \(/i)
  })

  test.each(['GET', 'HEAD'] as const)(
    '%s with a tag that still holds is 304, read and kept, with no length but the whole’s',
    async (method) => {
      const url = `/api/v1/genres?size=${method.length}`
      const asked = { method, url, headers: { 'if-none-match': '*' } }
      const [read, kept, whole] = [await server.inject(asked), await server.inject(asked), await server.inject({ url })]
      for (const reply of [read, kept]) {
        expect(reply).toMatchObject({ statusCode: 304, body: '', headers: { etag: whole.headers['etag'] } })
        expect([undefined, whole.headers['content-length']]).toContain(reply.headers['content-length'])
      }
    },
  )

  test('HEAD is the GET without its body', async () => {
    const [head, get] = await Promise.all([
      server.inject({ method: 'HEAD', url: '/api/v1/genres' }),
      server.inject({ method: 'GET', url: '/api/v1/genres' }),
    ])
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', get.headers['content-length']])
    expect((await server.inject({ method: 'HEAD', url: '/api/v1/users/me' })).statusCode).toBe(401)
  })
})

describe('R-210: a browser page of another origin', () => {
  const preflight = (origin: string, method: string, url = '/api/v1/tickets/1/pay') =>
    server.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    })

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('may %s when its origin is on the list', async (method) => {
    const { statusCode, headers } = await preflight(ORIGIN, method)
    expect(statusCode).toBe(204)
    expect(headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true' })
    expect(String(headers['access-control-allow-methods']).split(/,\s*/)).toContain(method)
    expect(String(headers['access-control-allow-headers'])).toContain('idempotency-key')
  })

  test('reads the headers it needs', async () => {
    const { headers } = await server.inject({ method: 'GET', url: '/api/v1/genres', headers: { origin: ORIGIN } })
    expect(headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, vary: expect.stringMatching(/origin/i) })
    expect(String(headers['access-control-expose-headers'])).toMatch(/Retry-After/)
  })

  test.each(['https://evil.example', 'https://tickets.example.evil.example', 'http://tickets.example', 'null'])(
    'learns nothing from %s',
    async (origin) => {
      expect((await preflight(origin, 'POST')).headers['access-control-allow-origin']).toBeUndefined()
      expect(
        (await server.inject({ method: 'GET', url: '/api/v1/genres', headers: { origin } })).headers[
          'access-control-allow-origin'
        ],
      ).toBeUndefined()
    },
  )
})

test('Q-20: every documented operation declares who may call it, and needs no more than it says', async () => {
  const { paths } = (await anonymous.get('/openapi.json')).body as {
    paths: Record<string, Record<string, Record<string, unknown>>>
  }
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  expect(operations.length).toBeGreaterThan(30)
  const known = ['public', 'anyone', 'buyer', 'holder', 'user', 'provider', ...Object.keys(permissions)]
  expect(operations.filter((operation) => !known.includes(String(operation['x-access'])))).toEqual([])
  const open = operations
    .filter(({ security }) => Array.isArray(security) && security.length === 0)
    .map((operation) => operation['x-access'])
  expect(new Set(open)).toEqual(new Set(['public', 'provider']))
})

describe('over a real connection', () => {
  const send = async (head: string) => {
    if (!server.server.listening) await server.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect((server.server.address() as { port: number }).port, '127.0.0.1')
    await once(socket, 'connect')
    socket.end(head)
    return text(socket)
  }
  const HOST = 'Host: localhost\r\nConnection: close\r\n'

  test.each([
    ['a request line of 100,000 characters', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${HOST}\r\n`],
    ['headers of 100,000 characters', `GET /health/live HTTP/1.1\r\n${HOST}X-Long: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['something else than HTTP', 'EHLO marquee.test\r\n\r\n'],
    ['two lengths of one body', `POST /api/v1/auth/login HTTP/1.1\r\n${HOST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde`],
    [
      'a length and chunks',
      `POST /api/v1/auth/login HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
  ])('%s is a 4xx', async (_what, head) => expect(await send(head)).toMatch(/^HTTP\/1\.1 4\d\d /))

  test('an ordinary request afterwards is answered', async () =>
    expect(await send(`GET /health/live HTTP/1.1\r\n${HOST}\r\n`)).toMatch(/^HTTP\/1\.1 200 /))
})

test('R-232: while the database is away the process lives, says what is missing, and recovers by itself', async () => {
  expect(await anonymous.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok', checks: { database: 'ok' } } })
  const administrator = new pg.Client({ connectionString: inject('server_url') })
  await administrator.connect()
  const name = new URL(database.url).pathname.slice(1)
  await administrator.query(`alter database ${name} with allow_connections false`)
  await administrator.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  for (const path of ['/health', '/health/ready'])
    expect(await anonymous.get(path)).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { database: 'failed' } },
      headers: { 'cache-control': 'no-store' },
    })
  expect(await anonymous.get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } })
  const meanwhile = await anonymous.get('/api/v1/sessions')
  await administrator.query(`alter database ${name} with allow_connections true`)
  await administrator.end()
  expect(await anonymous.get('/health/ready')).toMatchObject({ status: 200, body: { checks: { database: 'ok' } } })
  expect(meanwhile).toMatchObject({
    status: 503,
    body: { code: expect.stringMatching(/^server\./), retry_after: expect.any(Number) },
    headers: { 'retry-after': expect.anything() },
  })
})
