import { sql } from 'kysely'

import { type Db, transaction } from '#platform/db/kysely.ts'
import { totalsOf } from './sales.statement.ts'

/** Sessions counted in one transaction: some ten thousand tickets. */
const BATCH = 200
/** Three times what our longest transaction may last: also covers who draws ids before writing, as the demo does. */
const SETTLE_SECONDS = 30
/** A turn of the first count ends after so long, so that a process that is asked to end need not wait for all of it. */
const TURN_SECONDS = 10
/** Where the first count has not begun. */
const NOTHING_COUNTED = sql`9223372036854775807::bigint`

type Span = { ticket_mark: number; ticket_safe: number; event_mark: number; event_safe: number }

/** Held until the transaction ends; another process that is counting is not waited for. */
const lockMarks = async (tx: Db): Promise<boolean> =>
  (await sql`select from statistics_marks for update skip locked`.execute(tx)).rows.length > 0

/** Transactions that write tickets or their history in this database, at this moment and whatever our snapshot is. */
const writers = sql`array(
  select virtualtransaction from pg_locks
  where database = (select oid from pg_database where datname = current_database()) and mode = 'RowExclusiveLock' and granted
    and relation in ('tickets'::regclass, 'ticket_events'::regclass)
)`

/**
 * Seen ids become safe when everybody who wrote then has ended; then the newest are seen, and only after them who writes.
 * The first look makes nothing safe, so it waits for nothing.
 */
const lookAround = async (tx: Db, settleSeconds: number) => {
  const { rows } = await sql`
    update statistics_marks set
      ticket_safe = ticket_seen, event_safe = event_seen, seen_at = now(),
      ticket_seen = greatest(ticket_seen, coalesce((select max(id) from tickets), 0)),
      event_seen = greatest(event_seen, coalesce((select max(id) from ticket_events), 0))
    where (seen_at <= now() - make_interval(secs => ${settleSeconds}) or ticket_seen = 0 and event_seen = 0) and not writers && ${writers}
    returning only_one`.execute(tx)
  if (rows.length > 0) await sql`update statistics_marks set writers = ${writers}`.execute(tx)
}

const readSpan = async (tx: Db): Promise<Span | undefined> => {
  const { rows } = await sql<Span>`
    select ticket_mark, ticket_safe, event_mark, event_safe from statistics_marks
    where ticket_mark < ticket_safe or event_mark < event_safe`.execute(tx)
  return rows[0]
}

const changedWithin = async (tx: Db, { ticket_mark, ticket_safe, event_mark, event_safe }: Span): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select app.changed_sessions(${ticket_mark}, ${ticket_safe}, ${event_mark}, ${event_safe}) as id order by id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Always with the marks held: a later count never gives way to an earlier one. */
const countAgain = (tx: Db, sessionIds: number[]) =>
  sql`
  insert into session_totals (session_id, currency, reserved, paid, used, cancelled, expired, refunded, revenue_minor)
  ${totalsOf(sql`select unnest(${sessionIds}::bigint[])`)}
  on conflict (session_id, currency) do update set
    reserved = excluded.reserved, paid = excluded.paid, used = excluded.used, cancelled = excluded.cancelled,
    expired = excluded.expired, refunded = excluded.refunded, revenue_minor = excluded.revenue_minor, counted_at = now()`.execute(
    tx,
  )

const moveMarks = (tx: Db, { ticket_safe, event_safe }: Span) =>
  sql`
  update statistics_marks set
    ticket_mark = greatest(ticket_mark, ${ticket_safe}::bigint), event_mark = greatest(event_mark, ${event_safe}::bigint)`.execute(
    tx,
  )

/** What is counted from here on holds all that is safe now; what comes later is beyond the marks. */
const beginFirst = (tx: Db) =>
  sql`
  update statistics_marks set ticket_mark = ticket_safe, event_mark = event_safe
  where uncounted = ${NOTHING_COUNTED} and ticket_mark = 0 and event_mark = 0`.execute(tx)

const newestUncounted = async (tx: Db): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`
    select id from sessions where id <= (select uncounted from statistics_marks) order by id desc limit ${BATCH}`.execute(tx)
  return rows.map(({ id }) => id)
}

const isFirst = async (tx: Db): Promise<boolean> =>
  (await sql`select from statistics_marks where uncounted > 0 and (ticket_safe > 0 or event_safe > 0)`.execute(tx)).rows.length >
  0

/** One step of the first count; false when no session is left. Statistics use what it counted as soon as it has ended. */
const countNewest = async (tx: Db): Promise<boolean> => {
  if (!(await isFirst(tx))) return false
  await beginFirst(tx)
  const sessionIds = await newestUncounted(tx)
  if (sessionIds.length > 0) await countAgain(tx, sessionIds)
  await sql`update statistics_marks set uncounted = ${Math.max(0, (sessionIds.at(-1) ?? 0) - 1)}`.execute(tx)
  return sessionIds.length > 0
}

/**
 * Counts the sessions whose tickets came or changed since the last time. It only reads what bookings write, and nothing
 * waits for it: what is not counted yet is read from the tickets. Killed midway it has moved no mark, and starts again; the
 * first time, when everything is to be counted, it goes on where it was.
 */
export const createRollUp = (db: Db, settleSeconds = SETTLE_SECONDS) => {
  /** Undefined while another process is counting. */
  const withMarks = <T>(work: (tx: Db) => Promise<T>) =>
    transaction(db, async (tx) => ((await lockMarks(tx)) ? work(tx) : undefined))

  const plan = () =>
    withMarks(async (tx) => {
      await lookAround(tx, settleSeconds)
      if (await isFirst(tx)) return 'first'
      const span = await readSpan(tx)
      return span && { span, sessionIds: await changedWithin(tx, span) }
    })

  const countFirst = async () => {
    const end = performance.now() + TURN_SECONDS * 1000
    while ((await withMarks(countNewest)) && performance.now() < end);
  }

  return async (): Promise<void> => {
    const planned = await plan()
    if (planned === 'first') return countFirst()
    if (!planned) return
    const { span, sessionIds } = planned
    for (let from = 0; from < sessionIds.length; from += BATCH)
      if (!(await withMarks((tx) => countAgain(tx, sessionIds.slice(from, from + BATCH))))) return
    await withMarks((tx) => moveMarks(tx, span))
  }
}
