import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll } from 'vitest'

import { createOrderKeySigner } from '#modules/orders/key.ts'
import { signWebhook } from '#modules/payments/providers/mock/signature.ts'
import type { Role } from '#platform/http/access.ts'
import { type Client, startTestApp } from '#testing/app.ts'
import { startOidcProvider } from '#testing/oidc-provider.ts'
import type { Random } from './random.ts'
import type { Fill } from './values.ts'

type Json = Record<string, unknown>
const roles: Role[] = ['customer', 'cashier', 'moderator', 'manager', 'admin']

/** The kind of thing an id names, by the field it stands in or the collection its address ends with. */
const KIND_OF_FIELD: Record<string, string> = {
  movie_id: 'movies',
  cinema_id: 'cinemas',
  price_card_id: 'price-cards',
  hall_id: 'halls',
  session_id: 'sessions',
  event_id: 'sessions',
  order_id: 'orders',
  ticket_id: 'tickets',
  user_id: 'users',
  seat_id: 'seats',
  genre_id: 'genres',
  certification_id: 'certifications',
  director_id: 'directors',
  star_id: 'stars',
  review_id: 'reviews',
  report_id: 'reports',
}
const COLLECTION_OF_FIELD: Record<string, string> = {
  order: 'orders',
  session: 'sessions',
  movie: 'movies',
  hall: 'halls',
  user: 'users',
}

const createKnown = (random: Random) => {
  const ids = new Map<string, number[]>()
  const learn = (kind: string, id: unknown) => {
    if (typeof id !== 'number' || !Number.isSafeInteger(id)) return
    const known = ids.get(kind) ?? []
    if (known.length < 200) known.push(id)
    else known[random.below(known.length)] = id
    ids.set(kind, known)
  }
  /** Remembers every id an answer shows, so that later requests speak of things that exist. */
  const harvest = (value: unknown, kind: string) => {
    if (Array.isArray(value)) for (const one of value.slice(0, 20)) harvest(one, kind)
    else if (typeof value === 'object' && value !== null) {
      learn(kind, (value as Json)['id'])
      for (const [name, inner] of Object.entries(value)) {
        if (KIND_OF_FIELD[name]) learn(KIND_OF_FIELD[name], inner)
        else harvest(inner, name === 'items' ? kind : (COLLECTION_OF_FIELD[name] ?? name))
      }
    }
  }
  const any = (kind: string): number | undefined => {
    const known = ids.get(kind)
    return known && random.pick(known)
  }
  return { learn, harvest, any }
}

let serial = 0
const unique = () => {
  serial += 1
  return `${Date.now().toString(36)}${serial}`
}

const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

/** What the provider that signs people in is called here. */
export const PROVIDER = 'library'

/** A real OpenID provider on this machine, and the file that names it to the server. */
const openProvider = async () => {
  const provider = await startOidcProvider(`http://127.0.0.1:8000/api/v1/auth/oidc/${PROVIDER}/callback`)
  const folder = mkdtempSync(join(tmpdir(), 'marquee-fuzz-'))
  const file = join(folder, 'providers.json')
  writeFileSync(file, JSON.stringify([{ name: PROVIDER, label: 'The library', issuer: provider.issuer, ...provider.client }]))
  afterAll(async () => {
    await provider.close()
    rmSync(folder, { recursive: true })
  })
  return { provider, file }
}

/** A cinema chain in which everybody has an account, and a memory of all that was seen in it. */
export const openWorld = async (random: Random) => {
  const { provider, file } = await openProvider()
  const app = await startTestApp({ poolSize: 8, config: { OIDC_PROVIDERS_FILE: file } })
  const known = createKnown(random)
  const people = new Map<string, Client>([['anonymous', app.anonymous]])
  // Much that is meant badly is read as the number 1: whoever has it may go.
  await app.given.user()
  for (const role of roles) people.set(role, await app.as(role))
  // Whoever has no password deletes the account with an empty body, and these are still needed.
  await app.db
    .updateTable('users')
    .set({ hashed_password: await app.passwords.hash('Nobody-says-this-7') })
    .execute()
  people.set('guest', await app.guest())
  const person = (name: string) => people.get(name) as Client

  for (let count = 0; count < 3; count += 1) {
    const { id, movie_id, hall_id, seat_ids } = await app.given.session({ seats: 8 })
    known.learn('sessions', id)
    known.learn('movies', movie_id)
    known.learn('halls', hall_id)
    for (const seat of seat_ids) known.learn('seats', seat)
  }
  const slugs: string[] = []
  for (const name of ['Drama', 'Noir', 'Western']) {
    const { body } = await person('admin').post('/api/v1/genres', { name })
    if (body.slug) slugs.push(body.slug)
  }

  const fields: Record<string, () => unknown> = {
    genre: () => random.pick(slugs),
    genres: () => [random.pick(slugs)],
    certification: () => null,
    email: () => `${unique()}@fuzz.test`,
    username: () => `fuzz-${unique()}`,
    password: () => `Correct-horse-${random.below(99)}`,
    name: () => `Name ${unique()}`,
    title: () => `Title ${unique()}`,
    slug: () => `slug_${unique()}`,
    hall_number: () => 1 + random.below(999),
    rows: () => 1 + random.below(6),
    seats_per_row: () => 1 + random.below(6),
    early_bird_discount: () => random.below(10_001) / 100,
    start_time: () => dayFromNow(1 + random.below(4000) / 10),
    timezone: () => random.pick(['Europe/Kyiv', 'UTC', 'America/New_York']),
    currency: () => random.pick(['UAH', 'EUR']),
    page: () => 1 + random.below(3),
    size: () => 1 + random.below(100),
    skip: () => random.below(20),
    limit: () => 1 + random.below(100),
    latitude: () => 50 + random.next(),
    longitude: () => 30 + random.next(),
    lat: () => 50 + random.next(),
    lng: () => 30 + random.next(),
    date: () => dayFromNow(random.below(10)).slice(0, 10),
    date_from: () => dayFromNow(-random.below(10)).slice(0, 10),
    date_to: () => dayFromNow(random.below(10)).slice(0, 10),
    start_date: () => dayFromNow(-1 - random.below(10)).slice(0, 10),
    end_date: () => dayFromNow(0).slice(0, 10),
    from: () => dayFromNow(-1 - random.below(10)).slice(0, 10),
    to: () => dayFromNow(0).slice(0, 10),
    locale: () => random.pick(['uk', 'ru', 'en']),
    price: () => random.below(50_000) / 100,
    base_price: () => random.below(50_000) / 100,
    vip_price: () => random.below(50_000) / 100,
    premium_price: () => random.below(50_000) / 100,
    budget: () => random.below(1_000_000),
    gross: () => random.below(1_000_000),
    imdb_rating: () => random.below(100) / 10,
  }
  const fill: Fill = (name) => {
    const kind = KIND_OF_FIELD[name]
    const id = kind && known.any(kind)
    if (id) return { value: id }
    return fields[name] && { value: fields[name]() }
  }

  /** Seats that somebody holds: the start of most stories. */
  const hold = async (as: string, seats = 1) => {
    const { id: session_id, seat_ids } = await app.given.session({ seats: seats + 2 })
    const { body } = await person(as).post('/api/v1/tickets', { session_id, seat_ids: seat_ids.slice(0, seats) })
    known.harvest(body, 'tickets')
    return {
      session_id,
      seat_ids,
      ticket_id: body.id as number,
      order_id: body.order.id as number,
      order_reference: body.order.reference as string,
      amount: body.order.total as number,
      qr: '',
    }
  }
  const paid = async (as: string) => {
    const held = await hold(as)
    const { body } = await person(as).patch(`/api/v1/tickets/${held.ticket_id}/pay`, {
      card_token: 'tok_ok',
      email: `${unique()}@fuzz.test`,
    })
    known.harvest(body, 'tickets')
    return { ...held, qr: body.qr_code as string, reference: body.booking_reference as string }
  }
  const webhook = (body: string) => signWebhook(app.keys.webhookSecrets[0] ?? '', body, new Date())

  const orderKey = createOrderKeySigner(app.keys.tickets)

  return { app, provider, known, orderKey, person, fill, hold, paid, webhook, unique, dayFromNow, random }
}
export type World = Awaited<ReturnType<typeof openWorld>>
