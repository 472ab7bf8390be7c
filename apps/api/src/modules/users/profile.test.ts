import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { eventually } from '#testing/processes.ts'

const app = await startTestApp({ config: { AVATAR_MAX_BYTES: 60_000 } })
const { anonymous, as, someone, server } = app
beforeAll(app.work)

const MINE = '/api/v1/users/me/profile'
const AVATAR = '/api/v1/users/me/avatar'
type Person = Awaited<ReturnType<typeof someone>>

const picture = (width = 640, height = 480) =>
  sharp({ create: { width, height, channels: 3, background: '#804020' } }).withExif({
    IFD0: { Copyright: 'Somebody' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '50/1 27/1 0/1' },
  })
const send = async ({ headers }: Person, payload: Buffer | string, type = 'image/jpeg') => {
  const reply = await server.inject({ method: 'PUT', url: AVATAR, headers: { ...headers, 'content-type': type }, payload })
  return { status: reply.statusCode, body: reply.json() }
}
const fetchPicture = (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'GET', url, headers })
const files = () => readdirSync(join(app.directory, 'media', 'avatars'))

test('R-079: a person writes, reads and changes the own profile', async () => {
  const me = await someone()
  const empty = { user_id: me.id, bio: null, gender: null, date_of_birth: null, avatar_url: null }
  expect(await me.get(MINE)).toMatchObject({ status: 200, body: empty })
  const first = { full_name: 'Lesia Ukrainka', bio: 'Перший ряд.\nЗавжди.', gender: 'female', date_of_birth: '1971-02-25' }
  expect(await me.post(MINE, first)).toMatchObject({ status: 201, body: { ...first, first_name: 'Lesia', user_id: me.id } })
  expect(await me.post(MINE, first)).toMatchObject({ status: 409, body: { code: 'users.profile_exists' } })
  expect(await me.patch(MINE, { gender: null })).toMatchObject({ status: 200, body: { ...first, gender: null } })
  expect(await me.put(MINE, { bio: 'Anew' })).toMatchObject({
    status: 200,
    body: { ...empty, bio: 'Anew', full_name: 'Lesia Ukrainka' },
  })
  expect((await me.get('/api/v1/users/me')).body.full_name).toBe('Lesia Ukrainka')
})

test('R-079: what cannot be is refused with its field', async () => {
  const me = await someone()
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  for (const [field, value] of [
    ['date_of_birth', tomorrow],
    ['date_of_birth', '1899-12-31'],
    ['date_of_birth', '2001-02-30'],
    ['gender', 'both'],
    ['bio', 'x'.repeat(1001)],
    ['role', 'admin'],
    ['avatar_key', 'avatars/x.webp'],
  ] as const)
    expect(await me.patch(MINE, { [field]: value })).toMatchObject({ status: 422, body: { errors: [{ pointer: `/${field}` }] } })
})

test('R-079: others have no profile for anybody but an admin', async () => {
  const [me, admin] = [await someone(), await as('admin')]
  const path = `/api/v1/users/${me.id}/profile`
  expect(await me.post(path, { bio: 'Mine' })).toMatchObject({ status: 201 })
  expect(await me.put(path, { bio: 'Still mine' })).toMatchObject({ status: 200 })
  for (const role of ['customer', 'cashier', 'moderator', 'manager'] as const) {
    const other = await someone(role)
    for (const method of ['get', 'post', 'put', 'patch'] as const)
      expect(await other[method](path, method === 'get' ? undefined : { bio: 'Theirs' })).toMatchObject({
        status: 404,
        body: { code: 'users.not_found' },
      })
  }
  expect((await anonymous.get(path)).status).toBe(401)
  expect(await admin.patch(path, { bio: 'By the cinema' })).toMatchObject({ status: 200, body: { bio: 'By the cinema' } })
  expect((await admin.get('/api/v1/users/999999/profile')).status).toBe(404)
})

test('R-080: a picture is cut to a square and drawn anew without what its camera wrote, and the one before is deleted', async () => {
  const me = await someone()
  const first = await send(me, await picture().jpeg().toBuffer())
  expect(first).toMatchObject({ status: 200, body: { avatar_url: expect.stringMatching(/^\/media\/avatars\/[\w-]{43}\.webp$/) } })
  const shown = await fetchPicture(first.body.avatar_url)
  expect(shown.headers).toMatchObject({
    'content-type': 'image/webp',
    'x-content-type-options': 'nosniff',
    'cache-control': 'public, max-age=3600',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
  })
  const drawn = await sharp(shown.rawPayload).metadata()
  expect(drawn).toMatchObject({ format: 'webp', width: 512, height: 512 })
  expect([drawn.exif, drawn.xmp, drawn.icc]).toEqual([undefined, undefined, undefined])
  const etag = String(shown.headers['etag'])
  expect((await fetchPicture(first.body.avatar_url, { 'if-none-match': etag })).statusCode).toBe(304)

  const second = await send(me, await picture(300, 900).png().toBuffer(), 'application/octet-stream')
  expect(second.body.avatar_url).not.toBe(first.body.avatar_url)
  expect((await me.get(MINE)).body.avatar_url).toBe(second.body.avatar_url)
  await eventually(
    () => fetchPicture(first.body.avatar_url),
    ({ statusCode }) => statusCode === 404,
  )
  expect((await me.delete(AVATAR)).status).toBe(204)
  expect((await me.get(MINE)).body.avatar_url).toBeNull()
  await eventually(files, ({ length }) => length === 0)
})

test('R-080: of pictures that come at once the last stays, and no file is left over', async () => {
  const me = await someone()
  const bytes = await picture(64, 64).webp().toBuffer()
  const sent = await Promise.all(Array.from({ length: 6 }, () => send(me, bytes, 'image/webp')))
  expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 200))
  const { body } = await me.get(MINE)
  await eventually(files, ({ length }) => length === 1)
  expect(`/media/avatars/${files()[0]}`).toBe(body.avatar_url)
})

test('R-080: what is no picture is refused, whatever it says it is, and so is what is too large', async () => {
  const me = await someone()
  const png = await picture(64, 64).png().toBuffer()
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const gif = await picture(8, 8).gif().toBuffer()
  for (const bytes of [Buffer.from(svg), gif, png.subarray(0, 60), Buffer.from('RIFF....WEBPVP8 nonsense'), Buffer.alloc(0)])
    expect(await send(me, bytes, 'image/png')).toMatchObject({ status: expect.toBeOneOf([400, 422]) })
  expect(await send(me, svg, 'image/svg+xml')).toMatchObject({ status: 415, body: { code: 'request.media_type' } })
  expect(await send(me, '{}', 'application/json')).toMatchObject({ status: 415 })
  expect(await send(me, Buffer.concat([png, Buffer.alloc(60_000)]), 'image/png')).toMatchObject({
    status: 413,
    body: { code: 'request.too_large' },
  })
  expect((await me.get(MINE)).body.avatar_url).toBeNull()
  for (const name of ['..%2F..%2Fpackage.json', `${'a'.repeat(43)}.webp`, 'x.webp'])
    expect((await fetchPicture(`/media/avatars/${name}`)).statusCode).toBe(404)
})

/** Some kilobytes that become 51 million black pixels. */
const bomb = () => {
  const [width, height] = [8_000, 6_400]
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 1
  const rows = deflateSync(Buffer.alloc((width / 8 + 1) * height))
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([start, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

test('what a small file would unpack to is looked at before it is unpacked', async () => {
  const me = await someone()
  const bytes = bomb()
  expect(bytes.length).toBeLessThan(app.config.AVATAR_MAX_BYTES)
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 8_000 })
  expect(await send(me, bytes, 'image/png')).toMatchObject({ status: 422, body: { code: 'users.not_a_picture' } })
})
