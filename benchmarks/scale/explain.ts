import pg from 'pg'

export type Statement = { text: string; values: unknown[] }

type Queried = string | { text: string; values?: unknown[] }

const isStatement = (text: string) => /^\s*(select|with|update|insert|delete)/i.test(text)

/** Writes down what any client of this process asks while `run` goes on. */
export const record = async (run: () => Promise<void>): Promise<Statement[]> => {
  const heard: Statement[] = []
  const note = (query: Queried, values: unknown) => {
    const { text, values: given } = typeof query === 'string' ? { text: query, values } : { values: [], ...query }
    if (isStatement(text)) heard.push({ text, values: Array.isArray(given) ? given : [] })
  }
  const { query: ask } = pg.Client.prototype as { query: (...args: unknown[]) => unknown }
  pg.Client.prototype.query = new Proxy(ask, {
    apply: (target, client, args: unknown[]) => {
      note(args[0] as Queried, args[1])
      return Reflect.apply(target, client, args)
    },
  }) as never
  try {
    await run()
  } finally {
    pg.Client.prototype.query = ask as never
  }
  return heard.filter(({ text }, index) => heard.findIndex((other) => other.text === text) === index)
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
const inArray = (value: unknown) => (value == null ? 'null' : `"${textOf(value).replaceAll(/["\\]/g, String.raw`\$&`)}"`)

const literal = (value: unknown): string => {
  if (value == null) return 'null'
  if (Array.isArray(value)) return quoted(`{${value.map(inArray).join(',')}}`)
  return quoted(value instanceof Date ? value.toISOString() : textOf(value))
}

export type Plan = { lines: string[]; ms: number; pages: number; scans: string[] }

/** A connection keeps the general plan from the sixth time on, if it is no worse: what is shown is what it keeps. */
const TIMES = 7

/** Runs the statement as a prepared one of the API would run, and undoes what it did. */
export const explain = async (client: pg.Client, { text, values }: Statement): Promise<Plan> => {
  await client.query('begin')
  try {
    await client.query(`prepare hot as ${text}`)
    const call = values.length > 0 ? `execute hot(${values.map(literal).join(', ')})` : 'execute hot'
    let lines: string[] = []
    for (let time = 0; time < TIMES; time += 1) {
      await client.query('savepoint before')
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers, costs off, summary on) ${call}`)
      lines = rows.map((row) => row['QUERY PLAN'])
      await client.query('rollback to savepoint before')
    }
    await client.query('deallocate hot')
    return read(lines)
  } finally {
    await client.query('rollback')
  }
}

const read = (lines: string[]): Plan => {
  const plan = lines.join('\n')
  const buffers = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan)
  const scans = [...plan.matchAll(/Seq Scan on (\w+)/g)].map(([, name]) => name ?? '')
  return {
    lines,
    ms: Number(/Execution Time: ([\d.]+)/.exec(plan)?.[1]),
    pages: Number(buffers?.[1] ?? 0) + Number(buffers?.[2] ?? 0),
    scans: [...new Set(scans)],
  }
}
