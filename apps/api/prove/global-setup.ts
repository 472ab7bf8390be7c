import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import prepareTemplate from '#testing/global-setup.ts'
import { keepFilesInMemory } from '#testing/memory.ts'
import { startPostgres } from '#testing/postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the server writes what happens to it; empty when it is not ours and its log cannot be read. */
    server_log: string
  }
}

const SETTINGS = {
  max_connections: '400',
  shared_buffers: '256MB',
  log_lock_waits: 'on',
  deadlock_timeout: '1s',
  // Each line names its database: several files are proved at once.
  log_line_prefix: '%m [%p] %d ',
}

/** A server that keeps its log: a proof without one could not say that there was no deadlock. */
const startLoggedServer = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'marquee-prove-'))
  const log = join(folder, 'postgres.log')
  appendFileSync(log, '')
  const { url, stop } = await startPostgres(SETTINGS, (text) => appendFileSync(log, text))
  return {
    url,
    log,
    stop: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The template of the tests on a server whose log can be read. */
const setup = async (project: TestProject) => {
  const forgetFiles = keepFilesInMemory()
  const given = process.env['DATABASE_URL']
  const server = given
    ? { url: given, log: process.env['PROVE_SERVER_LOG'] ?? '', stop: async () => undefined }
    : await startLoggedServer()
  project.provide('server_log', server.log)
  process.env['DATABASE_URL'] = server.url
  const clean = await prepareTemplate(project)
  if (!given) delete process.env['DATABASE_URL']
  return async () => {
    await clean()
    await server.stop()
    forgetFiles()
  }
}

export default setup
