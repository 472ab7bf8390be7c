import { type RawBuilder, sql } from 'kysely'

import { alarmNotFound } from '#modules/payments/errors.ts'
import { recordEvent } from '#platform/audit.ts'
import { type Db, transaction } from '#platform/db/kysely.ts'
import { cinemasOf, type SignedIn } from '#platform/http/access.ts'
import { countFor, cursorKey, cut, type Order, readCursorPage, toCursorList } from '#platform/http/cursor.ts'
import type { PaymentAlarm, PaymentAlarmQuery } from './alarms.schemas.ts'

type Cinemas = readonly number[] | null
type Facts = Record<string, unknown>

const newestFirst: Order = { keys: [{ by: sql`a.id`, as: 'integer' }], falling: true }

/** Money that we know nothing of is of no cinema: only who works everywhere is shown it. */
const among = (cinemas: Cinemas): RawBuilder<boolean> =>
  cinemas === null
    ? sql<boolean>`true`
    : sql<boolean>`exists (
        select from tickets t join sessions s on s.id = t.session_id join halls h on h.id = s.hall_id
        where t.order_id = p.order_id and h.cinema_id = any(${cinemas}::bigint[]))`

const STATUS = {
  open: sql<boolean>`a.resolved_at is null`,
  resolved: sql<boolean>`a.resolved_at is not null`,
  all: sql<boolean>`true`,
}

const alarmsOf = (db: Db, cinemas: Cinemas) =>
  db
    .selectFrom('payment_alarms as a')
    .leftJoin('payments as p', 'p.id', 'a.payment_id')
    .leftJoin('orders as o', 'o.id', 'p.order_id')
    .where(among(cinemas))

const shown = (rows: ReturnType<typeof alarmsOf>) =>
  rows
    .select(['a.id', 'a.kind', 'a.payment_id', 'a.reference', 'a.created_at', 'a.resolved_at', 'a.resolved_by', 'a.resolution'])
    .select(['p.order_id', 'o.reference as order_reference', sql<Facts>`a.detail`.as('detail')])

/** What a person must look at: raised by payments and refunds, and by the comparison of the books. */
export const createAlarms = ({ db }: { db: Db }) => {
  const find = async (on: Db, actor: SignedIn, id: number): Promise<PaymentAlarm> => {
    const alarm = await shown(alarmsOf(on, cinemasOf(actor)))
      .where('a.id', '=', id)
      .executeTakeFirst()
    if (!alarm) throw alarmNotFound()
    return alarm
  }

  return {
    list: async (actor: SignedIn, { status, kind, ...paging }: PaymentAlarmQuery) => {
      const cinemas = cinemasOf(actor)
      const window = readCursorPage({ list: 'payment_alarms', of: { status, kind, cinemas }, order: newestFirst }, paging)
      const all = alarmsOf(db, cinemas).where(STATUS[status])
      const rows = kind === undefined ? all : all.where('a.kind', '=', kind)
      const page = cut(shown(rows).select(cursorKey(newestFirst)), newestFirst, window).execute()
      const [items, total] = await Promise.all([page, countFor(db, rows, window)])
      return toCursorList<PaymentAlarm>(items, total, window)
    },
    /** Says what was found; one that was resolved before stays as it is. */
    resolve: (actor: SignedIn, id: number, reason: string): Promise<PaymentAlarm> =>
      transaction(db, async (tx) => {
        const alarm = await find(tx, actor, id)
        const { numUpdatedRows } = await tx
          .updateTable('payment_alarms')
          .set({ resolved_at: sql<Date>`app.now()`, resolved_by: actor.id, resolution: reason })
          .where('id', '=', id)
          .where('resolved_at', 'is', null)
          .executeTakeFirstOrThrow()
        if (numUpdatedRows === 0n) return alarm
        const after = { kind: alarm.kind, payment_id: alarm.payment_id, reason }
        await recordEvent(tx, { action: 'payments.alarm_resolved', object_kind: 'payment_alarms', object_id: id, after })
        return find(tx, actor, id)
      }),
  }
}
