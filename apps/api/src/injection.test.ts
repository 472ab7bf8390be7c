import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { injections } from '#testing/injections.ts'
import { readPdf } from '#testing/pdf.ts'
import { eventually } from '#testing/processes.ts'
import { buildTinyWeb } from '#testing/web.ts'

const { anonymous, as, checkout, db, directory, given, reports, server, someone } = await startTestApp({
  config: { WEB_DIR: buildTinyWeb() },
})
const [admin, buyer] = [await as('admin'), await as('customer')]
const session = await given.session({ seats: 2 })
const hall = await db.selectFrom('halls').selectAll().where('id', '=', session.hall_id).executeTakeFirstOrThrow()
const director = await db.insertInto('directors').values({ name: 'Somebody' }).returning('id').executeTakeFirstOrThrow()
await db.insertInto('movie_directors').values({ movie_id: session.movie_id, director_id: director.id, position: 1 }).execute()
const held = await buyer.post('/api/v1/tickets', { session_id: session.id, seat_ids: session.seat_ids })
const order_id = held.body.order.id as number
await buyer.post(`/api/v1/orders/${order_id}/pay`, { card_token: 'tok_ok', email: 'buyer@marquee.test' })

/** Everything that people may read is called so. */
const callAll = async (text: string) => {
  const { movie_id, hall_id } = session
  await db
    .updateTable('movies')
    .set({
      title: text,
      description: text,
      producer: text,
      translations: JSON.stringify({ uk: { title: text, description: text } }),
    })
    .where('id', '=', movie_id)
    .execute()
  await db.updateTable('cinemas').set({ name: text, address: text, city: text }).where('id', '=', hall.cinema_id).execute()
  await db
    .updateTable('halls')
    .set({ name: text.slice(0, 60) })
    .where('id', '=', hall_id)
    .execute()
  await db.updateTable('directors').set({ name: text }).where('id', '=', director.id).execute()
  await db.updateTable('order_items').set({ title: text }).where('order_id', '=', order_id).execute()
  await db.updateTable('users').set({ first_name: text, last_name: '' }).where('id', '=', admin.id).execute()
}
const bytesOf = (url: string) => server.inject({ url, headers: { ...buyer.headers } })
/** The skeleton of a document: text cannot change it. */
const tagsOf = (html: string) => [...html.matchAll(/<\/?[a-z!][^\s>]*(?:\s+on\w+=)?/gi)].map(([tag]) => tag.toLowerCase())
const linesOf = (calendar: string) => calendar.replaceAll('\r\n ', '').split('\r\n').map((line) => line.split(/[:;]/)[0]) // prettier-ignore
/** RFC 4180, as a spreadsheet reads it. */
const cellsOf = (file: string): string[][] => {
  const rows: string[][] = [[]]
  for (const [, quoted, bare = '', end] of file.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end === '\r\n') rows.push([])
  }
  return rows.filter(({ length }) => length > 1)
}
const HTML = { accept: 'text/html' }
const pages = [`/films/${session.movie_id}`, `/showing/${session.id}`, `/cinemas/${hall.cinema_id}`, '/']
const pageAt = async (path: string): Promise<string> => (await anonymous.get(path, undefined, HTML)).body

test('Q-26: in JSON a name is the text that it is, whatever it says', async () => {
  for (const text of injections) {
    await callAll(text)
    const { body, headers } = await eventually(
      () => anonymous.get(`/api/v1/movies/${session.movie_id}`),
      (reply) => reply.body.title === text,
    )
    expect(body).toMatchObject({ title: text, description: text, producer: text, directors: [{ name: text }] })
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-type': expect.stringContaining('json') })
    expect((await anonymous.get(`/api/v1/cinemas/${hall.cinema_id}`)).body).toMatchObject({ name: text, address: text })
  }
})

test('Q-26: pages and calendars have the parts that we give them, and no others', async () => {
  const read = async (text: string) => {
    await callAll(text)
    const html = await Promise.all(pages.map(pageAt))
    const calendar = await bytesOf(`/api/v1/orders/${order_id}/calendar`)
    return { pages: html.map(tagsOf), calendar: linesOf(calendar.body) }
  }
  const plain = await read('Harmless')
  expect(plain.pages.every(({ length }) => length > 10)).toBe(true)
  for (const text of injections) expect([text, await read(text)]).toEqual([text, plain])
})

test('Q-26: a ticket to print holds nothing to run, and its name is a name', async () => {
  // It takes long to draw, and brackets and letters are all that it could trip over.
  for (const text of injections.filter((one) => /Tj|HYPERLINK|svg/.test(one))) {
    await callAll(text)
    const { statusCode, rawPayload, headers } = await bytesOf(`/api/v1/tickets/${held.body.id}/pdf`)
    expect([statusCode, readPdf(rawPayload).pages]).toEqual([200, 1])
    // Beside strings, whose brackets are escaped, stands nothing that a reader would run.
    const structure = rawPayload.toString('latin1').replaceAll(/\((?:\\.|[^\\()])*\)/g, '()')
    expect(structure.match(/\/(JS|JavaScript|OpenAction|Launch|URI)\b/g)).toBeNull()
    expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%!'*()~-]+$/)
    expect(headers['set-cookie']).toBeUndefined()
  }
})

test('Q-26: in a spreadsheet no cell is a formula, and a title stays in its cell', async () => {
  const { rows } = await sql<{ day: string }>`select business_day::text as day from sessions where id = ${session.id}`.execute(db)
  const day = rows[0]?.day
  for (const text of injections) {
    await callAll(text)
    const { body } = await admin.post('/api/v1/reports', { kind: 'sales_by_movie', format: 'csv', from: day, to: day })
    await reports.make({ report_id: body.id })
    const { body: sales } = await admin.get(`/api/v1/reports/${body.id}/download`)
    const { body: audit } = await admin.get('/api/v1/admin/audit/export')
    for (const file of [sales, audit]) {
      const cells = cellsOf(file)
      expect(new Set(cells.map(({ length }) => length)).size).toBe(1)
      expect(cells.flat().filter((cell) => /^[=+@\t\r-]/.test(cell))).toEqual([])
    }
    expect(
      cellsOf(sales)
        .flat()
        .some((cell) => cell === text || cell === `'${text}`),
    ).toBe(true)
  }
})

test('Q-26: a mail has the headers that we write, and its page the tags', async () => {
  const mailOf = async (text: string) => {
    await callAll(text)
    await db.deleteFrom('mail_log').execute()
    const before = new Set(readdirSync(join(directory, 'mail')))
    await checkout.orderMail({ order_id, kind: 'order_paid' })
    const [name = ''] = readdirSync(join(directory, 'mail')).filter((file) => !before.has(file))
    const raw = readFileSync(join(directory, 'mail', name || ([...before][0] ?? '')), 'utf8')
    const [head = ''] = raw.split('\r\n\r\n')
    const [, encoding = '', page = ''] =
      /text\/html[^]*?Transfer-Encoding: ([\w-]+)[^]*?\r\n\r\n([^]*?)\r\n----_NmP/i.exec(raw) ?? []
    const html =
      encoding === 'base64' ? Buffer.from(page, 'base64').toString() : page.replaceAll(/=\r\n/g, '').replaceAll('=3D', '=')
    return { headers: [...head.matchAll(/^([\w-]+):/gm)].map(([, header]) => header), tags: tagsOf(html) }
  }
  await checkout.orderMail({ order_id, kind: 'order_paid' })
  const plain = await mailOf('Harmless')
  expect(plain.tags.length).toBeGreaterThan(10)
  for (const text of injections) expect([text, await mailOf(text)]).toEqual([text, plain])
})

test('Q-26: a review is read back as it was written, by its author and by whoever moderates it', async () => {
  for (const text of injections) {
    const author = await someone()
    const { status, body } = await author.post('/api/v1/reviews', {
      movie_id: session.movie_id,
      rating: 5,
      title: text,
      content: text,
    })
    expect([text, status, body.errors]).toEqual([text, 201, undefined])
    const [title, content] = [text.trim(), text.trim()]
    expect(body).toMatchObject({ title, content })
    expect((await admin.get('/api/v1/reviews/pending')).body.items.at(-1)).toMatchObject({ title, content })
    await admin.delete(`/api/v1/reviews/${body.id}`)
  }
  expect((await db.selectFrom('tickets').select('id').execute()).length).toBeGreaterThan(0)
})

test('Q-26, Q-30: what is logged is one line of JSON each, and no secret is in it', () => {
  const program = `
    import { createLog } from './src/platform/log.ts'
    const log = createLog({ LOG_LEVEL: 'info' })
    for (const text of JSON.parse(process.argv[1])) log.error({ err: new Error(text), title: text + '\\n{"level":"info","msg":"forged"}' }, text)
    const secret = 'a-secret'
    const named = Object.fromEntries(['password', 'authorization', 'cookie', 'token', 'refresh_token', 'card_token'].map((name) => [name, secret]))
    log.info({ ...named, headers: named, body: { deep: named } }, 'signed in')`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(injections)], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '..'),
  })
  expect(stderr).toBe('')
  const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { msg: string; level: string }) // prettier-ignore
  expect(lines.map(({ msg }) => msg)).toEqual([...injections, 'signed in'])
  expect(stdout).not.toContain('a-secret')
})
