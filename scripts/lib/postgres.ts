import { randomUUID } from 'node:crypto'

import pg from 'pg'

import { startPostgres, type PostgresServer } from '../../apps/api/src/testing/postgres-server.ts'

const administer = async (url: string, statement: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const createScratch = async (serverUrl: string): Promise<PostgresServer> => {
  const name = `marquee_scratch_${randomUUID().replaceAll('-', '')}`
  await administer(serverUrl, `create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, stop: () => administer(serverUrl, `drop database ${name} with (force)`) }
}

/** Lends an empty database: on the server of DATABASE_URL when it is set, else on one that lives as long as the work. */
export const withDatabase = async <T>(work: (url: string) => Promise<T>): Promise<T> => {
  const serverUrl = process.env['DATABASE_URL']
  const { url, stop } = serverUrl ? await createScratch(serverUrl) : await startPostgres()
  try {
    return await work(url)
  } finally {
    await stop()
  }
}
