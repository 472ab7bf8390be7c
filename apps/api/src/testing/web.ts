import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'

const SCRIPT = `export const films = "${'a long programme '.repeat(200)}"`

const FILES: Record<string, string | Buffer> = {
  'index.html': `<!doctype html>
<html lang="uk">
  <head>
    <meta charset="utf-8" />
    <title>Built</title>
    <meta name="description" content="Built">
    <script>document.documentElement.dataset.ready = ''</script>
    <script src="/boot.js"></script>
    <script type="module" crossorigin src="/assets/index-DbWDYtE8.js"></script>
    <link rel="stylesheet" crossorigin href="/assets/index-DuuG9abD.css">
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>
`,
  'boot.js': 'void 0',
  'sw.js': 'void 0',
  'shell.html': '<!doctype html>',
  'assets/index-DbWDYtE8.js': SCRIPT,
  'assets/index-DbWDYtE8.js.br': brotliCompressSync(SCRIPT),
  'assets/index-DuuG9abD.css': 'body { color: #fbf7f0 }',
  'assets/manrope-latin-wght-normal-DHIcAJRg.woff2': 'font',
  'assets/manrope-cyrillic-wght-normal-Dvxsihut.woff2': 'font',
  '.vite/manifest.json': '{}',
}

/** A folder as the build of the web app leaves it, in small; other files come on top. */
export const buildTinyWeb = (more: Record<string, string> = {}): string => {
  const root = mkdtempSync(join(tmpdir(), 'marquee-web-'))
  for (const [name, text] of Object.entries({ ...FILES, ...more })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}
