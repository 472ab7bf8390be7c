import { beforeAll, describe, expect, test } from 'vitest'

import { startTestApp } from '#testing/app.ts'

const { as, anonymous, given } = await startTestApp()
const admin = await as('admin')
const API = '/api/v1'
const places = new Map<string, string>()

beforeAll(async () => {
  const made = async (name: string, body: object) =>
    places.set(name, `${API}/${name}/${(await admin.post(`${API}/${name}`, body)).body.id}`)
  await made('movies', { title: 'Earth', duration_minutes: 76, cast: ['Stepan Shkurat'] })
  await made('genres', { name: 'Silent' })
  await made('directors', { name: 'Oleksandr Dovzhenko' })
  await made('stars', { name: 'Semen Svashenko' })
  await made('certifications', { name: '21+', min_age: 21 })
  const hall = await given.hall()
  places.set('halls', `${API}/halls/${hall.id}`)
  places.set('cinemas', `${API}/cinemas/${(await given.cinema()).id}`)
})

const CHANGES: Record<string, [object, object]> = {
  movies: [{ producer: 'VUFKU' }, { producer: 'nobody' }],
  genres: [{ name: 'Silent film' }, { name: 'Loud film' }],
  directors: [{ name: 'O. Dovzhenko' }, { name: 'A. Dovzhenko' }],
  stars: [{ name: 'S. Svashenko' }, { name: 'T. Svashenko' }],
  certifications: [{ min_age: 20 }, { min_age: 19 }],
  cinemas: [{ phone: '+380441112233' }, { phone: '+380443332211' }],
  halls: [{ name: 'Blue' }, { name: 'Red' }],
}

describe.each(Object.entries(CHANGES))('R-225: two people change %s after the same look', (name, [first, second]) => {
  test('the second is told, and loses nothing; with the new state the change is made', async () => {
    const place = places.get(name) ?? ''
    const seen = { 'if-match': String((await anonymous.get(place)).headers['etag']) }
    const replies = await Promise.all([admin.patch(place, first, seen), admin.patch(place, second, seen)])
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 412])
    const [kept, lost] = replies[0]?.status === 200 ? [first, second] : [second, first]
    expect((await anonymous.get(place)).body).toMatchObject(kept)
    expect(replies.find(({ status }) => status === 412)?.body).toMatchObject({ code: 'request.changed_meanwhile' })

    const now = { 'if-match': String(replies.find(({ status }) => status === 200)?.headers['etag']) }
    expect(await admin.patch(place, lost, now)).toMatchObject({ status: 200, body: lost })
    expect(await admin.delete(place, undefined, now)).toMatchObject({ status: 412 })
    expect(await anonymous.get(place)).toMatchObject({ status: 200, body: lost })
  })

  test('whoever names no state, or any, changes what is there', async () => {
    const place = places.get(name) ?? ''
    expect(await admin.patch(place, first)).toMatchObject({ status: 200, body: first })
    expect(await admin.patch(place, second, { 'if-match': '*' })).toMatchObject({ status: 200, body: second })
    const { headers } = await anonymous.get(place)
    expect((await admin.delete(place, undefined, { 'if-match': String(headers['etag']) })).status).toBeLessThan(300)
  })
})
