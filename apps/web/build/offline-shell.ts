import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Plugin } from 'vite'

/** The page as it was built, under a name of its own: the server writes a head into every page it answers, this one stays as it is for the service worker to keep. */
export const offlineShell = (): Plugin => ({
  name: 'offline-shell',
  apply: 'build',
  applyToEnvironment: ({ name }) => name === 'client',
  writeBundle: ({ dir }) => copyFile(join(dir ?? 'dist', 'index.html'), join(dir ?? 'dist', 'shell.html')),
})
