import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { root as here } from './lib/files.ts'
import { exitWith } from './lib/report.ts'
import { runNode } from './lib/run.ts'

const root = resolve(process.argv[2] ?? here)
const web = join(root, 'apps/web')
const dist = join(web, 'dist')
const stamp = join(dist, '.sources')
const vite = join(root, 'node_modules/vite/bin/vite.js')

const LEFT_OUT = new Set(['node_modules', 'dist', 'e2e', '.server', 'vitest.config.ts', 'vitest.e2e.config.ts'])
const COMPRESSIBLE = /\.(js|css|svg|json|webmanifest|txt)$/
const FEWEST_BYTES = 1024

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })

/** Whatever the built app depends on, in one short word. */
const sourcesHash = (): string => {
  const contract = join(root, 'packages/contract')
  const files = [...filesIn(web), ...(existsSync(contract) ? filesIn(contract) : []), join(root, 'package-lock.json')]
  const hash = createHash('sha256')
  for (const file of files.filter((path) => existsSync(path)).toSorted())
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

/** Compressed once here, as small as it gets, and not again for each visitor. */
const compress = () => {
  for (const file of filesIn(dist).filter((path) => COMPRESSIBLE.test(path))) {
    const bytes = readFileSync(file)
    if (bytes.length < FEWEST_BYTES) continue
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

/** Builds the web app when its sources are not those of the last build, and says so. */
const build = async (): Promise<string[]> => {
  if (!existsSync(join(web, 'index.html'))) return []
  const sources = sourcesHash()
  const built = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined
  if (built === sources) return []
  if (!existsSync(vite)) {
    const state = existsSync(join(dist, 'index.html')) ? 'stays as it was built' : 'is not built, only the API will answer'
    console.log(`The tools that build the web app are not installed (npm ci without --omit=dev brings them): it ${state}.`)
    return []
  }
  console.log('The sources of the web app have changed: building it …')
  const started = performance.now()
  const { code, output } = await runNode([vite, 'build'], { cwd: web, env: { ...process.env, NODE_ENV: 'production' } })
  if (code !== 0) return [output.trimEnd(), 'The web app could not be built.']
  compress()
  writeFileSync(stamp, sources)
  console.log(`The web app is built (${((performance.now() - started) / 1000).toFixed(1)} s).`)
  return []
}

await exitWith(build)
