import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

import { beforeAll, describe, expect, test } from 'vitest'

import { seedDemo } from '#seeds/demo.ts'
import { startTestApp } from '#testing/app.ts'

/**
 * The examples in docs/api/examples are tried here against the demo. Each is a request in an `http` block, a line
 * "Answer 201, keep `id` as `ticket`:" and what the answer says at least, in a `json` block; "…" stands for anything.
 */
const FOLDER = fileURLToPath(new URL('../../../docs/api/examples', import.meta.url))
const FEWEST = 50
const EXAMPLE =
  /^### (?<title>.+)\n[\s\S]*?```http\n(?<request>[\s\S]*?)\n```\n+Answer (?<status>\d{3})(?<keep>[^\n]*)\n(?:\n*```json\n(?<answer>[\s\S]*?)\n```)?/gm

type Example = {
  title: string
  request: string
  status: number
  keep: [path: string, name: string][]
  answer: string | undefined
}

const readExamples = (file: string): Example[] =>
  [...readFileSync(file, 'utf8').matchAll(EXAMPLE)].map(({ groups = {} }) => ({
    title: groups['title'] ?? '',
    request: groups['request'] ?? '',
    status: Number(groups['status']),
    keep: [...(groups['keep'] ?? '').matchAll(/`([\w.]+)` as `(\w+)`/g)].map(([, path = '', name = '']) => [path, name]),
    answer: groups['answer'],
  }))

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)

/** What of the expected is not in the actual; an array expects its first elements. */
const missing = (expected: unknown, actual: unknown, path = ''): string[] => {
  if (expected === '…') return actual === undefined ? [`${path} is missing`] : []
  if (typeof expected !== 'object' || expected === null)
    return expected === actual ? [] : [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
  if (typeof actual !== 'object' || actual === null) return [`${path} is ${JSON.stringify(actual)}`]
  return Object.entries(expected).flatMap(([key, value]) =>
    missing(value, (actual as Record<string, unknown>)[key], `${path}/${key}`),
  )
}

// With the rules of seats, as `npm start` has them.
const app = await startTestApp({ config: { SEAT_RULES: true } })
const files = globSync('*.md', { cwd: FOLDER })
  .toSorted()
  .map((name) => `${FOLDER}/${name}`)
const known: Record<string, unknown> = {
  today: new Date().toISOString().slice(0, 10),
  next_week: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10),
}

const fillIn = (text: string) =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in known)) throw new Error(`Nothing was kept as ${name}.`)
    return String(known[name])
  })

const ask = async (request: string) => {
  const [head = '', ...rest] = fillIn(request).split('\n\n')
  const [line = '', ...headerLines] = head.split('\n')
  const [method = '', url = ''] = line.split(' ')
  const payload = rest.join('\n\n')
  const headers = Object.fromEntries(headerLines.map((header) => header.split(/: (.*)/).slice(0, 2)))
  const reply = await app.server.inject({
    method: method as 'GET',
    url: encodeURI(url),
    headers: { ...(payload && { 'content-type': 'application/json' }), ...headers },
    ...(payload && { payload }),
  })
  const isJson = /json/.test(String(reply.headers['content-type']))
  return { status: reply.statusCode, body: isJson ? reply.json() : reply.body, text: reply.body }
}

beforeAll(async () => {
  const { db, signTicket, passwords, config } = app
  await seedDemo({
    db,
    signTicket,
    now: new Date(),
    hashPassword: passwords.hash,
    cleaningMinutes: config.CLEANING_MINUTES,
    doorsOpenMinutes: config.DOORS_OPEN_MINUTES,
    currency: config.PLATFORM_CURRENCY,
    mockProvider: true,
  })
  await app.search.fill()
})

describe.each(files.map((file) => [basename(file), readExamples(file)] as const))(
  'R-255: the examples in %s',
  (_name, examples) => {
    test.each(examples.map((example) => [example.title, example] as const))(
      '%s',
      async (_title, { request, status, keep, answer }) => {
        const reply = await ask(request)
        expect([reply.status, reply.text]).toEqual([status, expect.anything()])
        expect(answer ? missing(JSON.parse(fillIn(answer)), reply.body) : []).toEqual([])
        for (const [path, name] of keep) {
          known[name] = at(reply.body, path)
          expect(known[name], `${path} to keep as ${name}`).toBeDefined()
        }
      },
    )
  },
)

test(`R-255: there are at least ${FEWEST} tried examples, and none escapes the reader`, () => {
  const texts = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  const read = files.flatMap(readExamples)
  expect(read).toHaveLength([...texts.matchAll(/^### /gm)].length)
  expect(read.length).toBeGreaterThanOrEqual(FEWEST)
})
