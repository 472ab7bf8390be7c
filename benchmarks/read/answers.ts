import { connect } from '../postgres.ts'

/** An answer of the API as it goes over the wire. */
export type Answer = { body: string; headers: Record<string, string> }
export type Answers = { list: Answer; detail: Answer }

/** Where whole answers lie ready, for the least that a look into the database can cost. */
export const ANSWERS_TABLE = 'bench_answers'

/** What belongs to one request, or is written by whoever sends. */
const OF_ONE_REQUEST = /^(date|connection|keep-alive|content-length|x-request-id)$/

export const fetchAnswer = async ({ host, port }: { host: string; port: number }, path: string): Promise<Answer> => {
  const answer = await fetch(`http://${host}:${port}${path}`, { headers: { 'accept-encoding': 'identity' } })
  return {
    body: answer.ok ? await answer.text() : '',
    headers: Object.fromEntries([...answer.headers].filter(([name]) => !OF_ONE_REQUEST.test(name))),
  }
}

export const storeAnswers = async (url: string, answers: Answers) => {
  const client = await connect(url)
  try {
    await client.query(`create table if not exists ${ANSWERS_TABLE} (name text primary key, body text not null)`)
    for (const [name, { body }] of Object.entries(answers))
      await client.query(`insert into ${ANSWERS_TABLE} values ($1, $2) on conflict (name) do update set body = excluded.body`, [
        name,
        body,
      ])
  } finally {
    await client.end()
  }
}
