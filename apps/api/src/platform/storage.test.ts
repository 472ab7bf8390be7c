import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

import { afterAll, expect, test } from 'vitest'

import { createStorage } from './storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'marquee-storage-'))
const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true })]
afterAll(async () => {
  for (const step of undo) await step()
})

const settings = {
  MEDIA_DIR: folder,
  S3_BUCKET: undefined as never,
  S3_REGION: 'eu-central-1',
  S3_ENDPOINT: undefined as never,
  S3_ACCESS_KEY_ID: 'key-of-ours',
  S3_SECRET_ACCESS_KEY: 'secret-of-ours',
}

/** The part of S3 that we use, at the edge of the world. */
const openBucket = async () => {
  const files = new Map<string, { bytes: Buffer; type: string | undefined }>()
  const asked: string[] = []
  const answer = async (request: IncomingMessage): Promise<[status: number, body?: Buffer | undefined]> => {
    const { method, headers } = request
    const path = new URL(request.url ?? '', 'http://s3').pathname
    asked.push(`${method} ${path} ${headers.authorization?.split(',')[0]}`)
    if (method === 'PUT') files.set(path, { bytes: await buffer(request), type: headers['content-type'] })
    if (method === 'DELETE') files.delete(path)
    const file = files.get(path)
    if (method === 'DELETE') return [204]
    return file ? [200, method === 'HEAD' || method === 'PUT' ? undefined : file.bytes] : [404]
  }
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => response.writeHead(status).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  undo.push(() => new Promise((resolve) => server.close(resolve)))
  return { files, asked, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const bytes = Buffer.from([0, 1, 2, 255])

test('R-080, R-238: a file comes back as it was given, and is gone once it was removed, from a folder', async () => {
  const storage = createStorage(settings)
  await storage.put('avatars/a.webp', bytes, 'image/webp')
  expect(readdirSync(join(folder, 'avatars'))).toEqual(['a.webp'])
  expect(await storage.read('avatars/a.webp')).toEqual(bytes)
  await storage.remove('avatars/a.webp')
  await storage.remove('avatars/a.webp')
  expect(await storage.read('avatars/a.webp')).toBeUndefined()
})

test('no key leads out of the folder', async () => {
  const storage = createStorage(settings)
  await expect(storage.put('../outside.webp', bytes, 'image/webp')).rejects.toThrow('Path traversal')
  await expect(storage.read('../../etc/passwd')).rejects.toThrow('Path traversal')
})

test('R-080, R-238: with a bucket it goes there, signed with our key', async () => {
  const { files, asked, endpoint } = await openBucket()
  const storage = createStorage({ ...settings, S3_BUCKET: 'marquee', S3_ENDPOINT: endpoint })
  await storage.put('avatars/b.webp', bytes, 'image/webp')
  const kept = files.get('/marquee/avatars/b.webp')
  expect(kept?.type).toBe('image/webp')
  expect(kept?.bytes.includes(bytes)).toBe(true)
  files.set('/marquee/avatars/b.webp', { bytes, type: 'image/webp' })
  expect(await storage.read('avatars/b.webp')).toEqual(bytes)
  await storage.remove('avatars/b.webp')
  expect(await storage.read('avatars/b.webp')).toBeUndefined()
  for (const request of asked) expect(request).toMatch(/AWS4-HMAC-SHA256 Credential=key-of-ours\/\d{8}\/eu-central-1\/s3/)
})
