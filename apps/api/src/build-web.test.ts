import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'

import { afterAll, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../../scripts/build-web.ts', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'marquee-build-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const VITE = 'node_modules/vite/bin/vite.js'
/** Builds what it finds; refuses what a real one would. */
const FAKE_VITE = `
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const source = readFileSync('src/main.ts', 'utf8')
if (source.includes('!!')) { console.error('main.ts: unexpected token'); process.exit(1) }
mkdirSync('dist/assets', { recursive: true })
writeFileSync('dist/index.html', '<html></html>')
writeFileSync('dist/assets/index-abcdefgh.js', source.repeat(200))`

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const build = () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

test('npm start builds the web app when its sources have changed, says so, and else leaves it alone', () => {
  expect(build()).toEqual({ status: 0, said: '' })
  write('apps/web/index.html', '<html></html>')
  write('apps/web/src/main.ts', 'const film = 1\n')
  expect(build()).toEqual({ status: 0, said: expect.stringContaining('only the API will answer') })
  write(VITE, FAKE_VITE)
  expect(build()).toEqual({ status: 0, said: expect.stringMatching(/have changed: building it …\nThe web app is built/) })
  const asset = join(root, 'apps/web/dist/assets/index-abcdefgh.js')
  expect(brotliDecompressSync(readFileSync(`${asset}.br`))).toEqual(readFileSync(asset))
  expect(existsSync(`${asset}.gz`)).toBe(true)
  expect(build()).toEqual({ status: 0, said: '' })
  write('packages/contract/client.ts', 'export const api = 1\n')
  expect(build().said).toContain('The web app is built')
})

test('a web app that cannot be built stops the start, until it can', () => {
  write('apps/web/index.html', '<html></html>')
  write(VITE, FAKE_VITE)
  write('apps/web/src/main.ts', 'const film = !!\n')
  for (let attempt = 0; attempt < 2; attempt += 1)
    expect(build()).toEqual({ status: 1, said: expect.stringMatching(/unexpected token[\s\S]*could not be built/) })
  write('apps/web/src/main.ts', 'const film = 2\n')
  expect(build().status).toBe(0)
})
