import pg from 'pg'

/** Exits with 0 when the server named in the argument lets us make a database, so that tests can run there. */
const [connectionString = ''] = process.argv.slice(2)
const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 })
try {
  await client.connect()
  const { rows } = await client.query<{ may: boolean }>(
    'select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user',
  )
  await client.end()
  process.exit(rows[0]?.may ? 0 : 1)
} catch {
  process.exit(1)
}
