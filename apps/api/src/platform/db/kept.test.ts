import { type RawBuilder, sql } from 'kysely'
import { expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'
import { createKeptQueries } from './kept.ts'
import type { Db } from './kysely.ts'

const { db, given } = await startTestApp()

type Asked = { above?: number | undefined; name?: string | undefined }

const createCounted = () => {
  const built: string[] = []
  const ask = createKeptQueries((from: Db, shape: { falling: boolean }, { above, name }: Asked) => {
    built.push(shape.falling ? 'falling' : 'rising')
    const is = (condition: RawBuilder<boolean>) => condition
    return from
      .selectFrom('cinemas')
      .select(['id', 'name'])
      .where((eb) => eb.and([is(sql`id > ${above ?? 0}`), ...(name === undefined ? [] : [is(sql`name = ${name}`)])]))
      .orderBy('id', shape.falling ? 'desc' : 'asc')
  })
  return { ask, built }
}

test('a kept query is built once for each shape, and answers for the values of whoever asks', async () => {
  const { ask, built } = createCounted()
  const [first, second, third] = [await given.cinema(), await given.cinema(), await given.cinema()]
  const ids = async (falling: boolean, asked: Asked) => (await ask(db, { falling }, asked)).map(({ id }) => id)

  expect(await ids(false, { above: first.id })).toEqual([second.id, third.id])
  expect(await ids(false, { above: second.id })).toEqual([third.id])
  expect(await ids(true, { above: first.id })).toEqual([third.id, second.id])
  expect(await ids(false, { above: 0, name: second.name })).toEqual([second.id])
  expect(await ids(false, { above: 0, name: third.name })).toEqual([third.id])
  expect(await ids(false, { name: third.name, above: first.id })).toEqual([third.id])
  expect(await ids(false, { above: second.id, name: undefined })).toEqual([third.id])
  expect(built).toEqual(['rising', 'falling', 'rising'])
})
