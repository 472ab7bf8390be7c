import { randomBytes } from 'node:crypto'

import pg from 'pg'
import { inject } from 'vitest'

import { openServer } from '#platform/db/pool.ts'

const administer = async (url: string, statement: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A database of its own, cloned from the migrated template, and the way to drop it. */
export const createTestDatabase = async () => {
  const server_url = inject('server_url')
  const name = `marquee_test_${randomBytes(6).toString('hex')}`
  await administer(server_url, `create database ${name} template ${inject('template')}`)
  const address = new URL(server_url)
  address.pathname = `/${name}`
  return { url: address.href, drop: () => administer(server_url, `drop database if exists ${name} with (force)`) }
}

export const openTestDatabase = async (size = 10) => {
  const { url, drop } = await createTestDatabase()
  const database = openServer({ url, size, applicationName: 'marquee-test' })
  database.pool.on('error', () => undefined)
  return {
    ...database,
    url,
    close: async () => {
      await database.close()
      await drop()
    },
  }
}
