import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'

import { migrate } from '#platform/db/migrate.ts'
import { openServer } from '#platform/db/pool.ts'
import { createJobs } from '#platform/jobs.ts'
import { keepFilesInMemory } from './memory.ts'
import { startPostgres } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    server_url: string
    template: string
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
  const forgetFiles = keepFilesInMemory()
  const given = process.env['DATABASE_URL']
  const server = given
    ? { url: given, stop: async () => undefined }
    : await startPostgres({ max_connections: '300', shared_buffers: '256MB' })
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
  const folder = mkdtempSync(join(tmpdir(), 'marquee-embedded-'))
  provide('embedded_home', join(folder, 'home'))
  return async () => {
    rmSync(folder, { recursive: true, force: true })
    await administer(server.url, `drop database if exists ${template} with (force)`)
    await server.stop()
    forgetFiles()
  }
}

export default setup
