import { type RawBuilder, sql } from 'kysely'

import { personal } from '#modules/privacy/columns.ts'
import type { Db } from '#platform/db/kysely.ts'
import type { TestApp } from './app.ts'

/** A word that stands in one column of one person and nowhere else. */
export const canary = (whose: string, column: string) => `${whose}-${column.replace('postal_code', 'zip').replaceAll('_', '-')}`

/** Columns whose words are not free: numbers in words, enumerations, what the server makes itself. */
const UNPLANTED = new Set(
  `user_profiles.gender users.role users.locale orders.locale orders.guest_id orders.reference order_items.title
   idempotency_keys.actor audit_log.actor audit_log.object_id check_ins.actor ticket_events.actor session_cancellations.actor session_moves.actor session_swaps.actor cancellations.actor exchanges.actor tickets.booking_reference
   tickets.qr_code tickets.payment_method payments.method payments.provider_reference refunds.provider_reference promotion_holders.holder promotion_uses.holders`.split(
    /\s+/,
  ),
)

/** Every personal column of words, by what the database says: whoever adds one adds a canary. */
export const plantable = async (db: Db): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb', 'ARRAY')`.execute(db)
  return rows
    .map(({ name }) => name)
    .filter((name) => {
      const [table = '', column = ''] = name.split('.')
      return personal[table]?.columns[column] !== undefined && !UNPLANTED.has(name)
    })
}

/** In which columns of the whole database, the queue's too, a word is found. */
export const whereIs = async (db: Db, word: string): Promise<string[]> => {
  const { rows: tables } = await sql<{ name: string; shown: string }>`
    select format('%I.%I', table_schema, table_name) as name, case when table_schema = 'public' then '' else table_schema || '.' end || table_name as shown
    from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'mock_provider', 'pgboss')
      and not exists (select from pg_inherits where inhrelid = format('%I.%I', table_schema, table_name)::regclass)`.execute(db)
  const looks = tables.map(
    ({ name, shown }): RawBuilder<{ column: string }> =>
      sql`select distinct ${shown} || '.' || j.key as column from ${sql.raw(name)} t, jsonb_each_text(to_jsonb(t)) j where j.value ilike ${`%${word}%`}`,
  )
  const { rows } = await sql<{ column: string }>`${sql.join(looks, sql` union all `)} order by 1`.execute(db)
  return rows.map(({ column }) => column)
}

/** Somebody about whom everything is known that can be, and who has bought two tickets and given one back. */
export const plantPerson = async ({ db, someone, given }: TestApp, whose: string) => {
  const word = (column: string) => canary(whose, column)
  const person = await someone()
  const { id } = person
  const other = await someone()
  const show = await given.session({ seats: 4 })
  const held = await person.post('/api/v1/tickets', { session_id: show.id, seat_ids: show.seat_ids.slice(0, 2) })
  const order = held.body.order.id as number
  const tickets = held.body.tickets.map((ticket: { id: number }) => ticket.id) as number[]
  await person.post(`/api/v1/orders/${order}/pay`, { card_token: 'tok_ok' }, { 'idempotency-key': word('idempotency_keys.key') })
  await person.post(`/api/v1/tickets/${tickets[1]}/cancel`, {
    reason: `${word('ticket_events.reason')} ${word('refunds.reason')} ${word('cancellations.reason')}`,
  })

  const mine = { user_id: id }
  await db
    .updateTable('users')
    .set({
      username: word('users.username'),
      email: `${word('users.email')}@x.test`,
      hashed_password: word('users.hashed_password'),
      first_name: word('users.first_name'),
      last_name: word('users.last_name'),
      phone: word('users.phone'),
      address: word('users.address'),
      city: word('users.city'),
      postal_code: word('users.postal_code'),
      locale: 'en',
      marketing_consent: true,
    })
    .where('id', '=', id)
    .execute()
  const avatar_key = `avatars/${word('user_profiles.avatar_key')}.webp`
  const profile = { bio: word('user_profiles.bio'), gender: 'other', date_of_birth: '1987-03-04', avatar_key } as const
  await db
    .insertInto('user_profiles')
    .values({ ...mine, ...profile })
    .execute()
  const soon = sql<Date>`app.now() + interval '1 hour'`
  const token_hash = word('account_tokens.token_hash')
  const email = word('account_tokens.email')
  await db
    .insertInto('account_tokens')
    .values({ ...mine, id: sql`gen_random_uuid()`, kind: 'email_change', token_hash, email, expires_at: soon })
    .execute()
  await db
    .insertInto('known_places')
    .values({ ...mine, place: word('known_places.place') })
    .execute()
  await db
    .insertInto('user_totp')
    .values({ ...mine, sealed_secret: word('user_totp.sealed_secret') })
    .execute()
  await db
    .insertInto('recovery_codes')
    .values({ ...mine, code_hash: word('recovery_codes.code_hash') })
    .execute()
  const identity = { provider: word('user_identities.provider'), subject: word('user_identities.subject') }
  await db
    .insertInto('user_identities')
    .values({ ...mine, ...identity, email: word('user_identities.email') })
    .execute()
  const credential = { credential_id: word('passkeys.credential_id'), public_key: word('passkeys.public_key') }
  await db
    .insertInto('passkeys')
    .values({ ...mine, ...credential, name: word('passkeys.name') })
    .execute()
  const challenge = word('passkey_challenges.challenge')
  await db
    .insertInto('passkey_challenges')
    .values({ ...mine, challenge, expires_at: soon })
    .execute()
  await db
    .updateTable('refresh_tokens')
    .set({
      user_agent: word('refresh_tokens.user_agent'),
      ip: word('refresh_tokens.ip'),
      token_hash: word('refresh_tokens.token_hash'),
    })
    .where('user_id', '=', id)
    .execute()
  await db
    .insertInto('auth_tries')
    .values({ key: `place:${id}:${word('auth_tries.key')}`, tries: 1, until: soon })
    .execute()
  await db
    .updateTable('idempotency_keys')
    .set({ path: word('idempotency_keys.path'), body_hash: word('idempotency_keys.body_hash') })
    .where('actor', '=', `u:${id}`)
    .execute()
  const text = { title: word('reviews.title'), content: word('reviews.content') }
  const written = await person.post('/api/v1/reviews', { movie_id: show.movie_id, rating: 9, ...text })
  await db
    .updateTable('reviews')
    .set({ status: 'approved', moderation_reason: word('reviews.moderation_reason'), moderated_by: other.id })
    .where('id', '=', written.body.id)
    .execute()
  await sql`update movie_scores set ratings_count = 1, ratings_sum = 9 where movie_id = ${show.movie_id}`.execute(db)
  await sql`insert into movie_scores (movie_id, ratings_count, ratings_sum) values (${show.movie_id}, 1, 9) on conflict do nothing`.execute(
    db,
  )
  await db
    .updateTable('orders')
    .set({ email: `${word('orders.email')}@x.test` })
    .where('id', '=', order)
    .execute()
  const secrets = { client_secret: word('payments.client_secret'), redirect_url: word('payments.redirect_url') }
  await db.updateTable('payments').set(secrets).where('order_id', '=', order).execute()
  const looked = { resolved_at: sql<Date>`app.now()`, resolved_by: id, resolution: word('payment_alarms.resolution') }
  await db
    .insertInto('payment_alarms')
    .values({ kind: 'unknown_payment', reference: `of ${order}`, ...looked })
    .execute()
  const recipient = `${word('mail_log.recipient')}@x.test`
  await db
    .insertInto('mail_log')
    .values({ order_id: order, kind: 'order_paid', recipient, message_id: `<order_paid.${order}@x>`, sent_at: sql`app.now()` })
    .execute()
  const scan = { actor: `u:${other.id}`, device: 'door', ticket_id: tickets[1] ?? 0, reason: word('check_ins.reason') }
  await db
    .insertInto('check_ins')
    .values([
      { ...scan, direction: 'entry', ended_at: sql<Date>`app.now()` },
      { ...scan, direction: 'exit' },
    ])
    .execute()
  const facts = { before: { name: word('audit_log.before') }, after: { name: word('audit_log.after') } }
  await db
    .insertInto('audit_log')
    .values({
      actor: `u:${id}`,
      action: 'movies.changed',
      object_kind: 'movies',
      before: JSON.stringify(facts.before),
      after: JSON.stringify(facts.after),
      ip: word('audit_log.ip'),
    })
    .execute()
  await db
    .insertInto('payment_alarms')
    .values({
      kind: 'dispute',
      reference: `pi_${id}`,
      resolved_by: id,
      resolution: word('payment_alarms.resolution'),
      resolved_at: sql`app.now()`,
    })
    .execute()
  await db
    .insertInto('session_cancellations')
    .values({
      session_id: (await given.session({ seats: 1 })).id,
      actor: `u:${id}`,
      reason: word('session_cancellations.reason'),
      notice: word('session_cancellations.notice'),
      tickets_total: 0,
      emptied_at: sql`app.now()`,
    })
    .execute()
  const by = { session_id: show.id, actor: `u:${id}` }
  const at = { old_start_time: sql<Date>`app.now()`, new_start_time: sql<Date>`app.now()` }
  await db
    .insertInto('session_moves')
    .values({ ...by, ...at, notice: word('session_moves.notice') })
    .execute()
  const between = { old_hall_id: show.hall_id, new_hall_id: (await given.hall()).id }
  await db
    .insertInto('session_swaps')
    .values({ ...by, ...between, notice: word('session_swaps.notice') })
    .execute()
  const theirs = await given.session({ seats: 1 })
  const { body: holding } = await other.post('/api/v1/tickets', { session_id: theirs.id, seat_ids: theirs.seat_ids })
  const swapped = { old_order_id: order, new_order_id: holding.order.id, actor: `u:${other.id}`, credit_minor: 0 }
  await db
    .insertInto('exchanges')
    .values({ ...swapped, reason: word('exchanges.reason') })
    .execute()
  return Object.assign(person, { order, tickets, avatar_key, show, review_id: written.body.id as number })
}
