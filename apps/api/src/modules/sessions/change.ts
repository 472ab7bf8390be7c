import type { Cinema } from '#modules/cinemas/schemas.ts'
import { formatOf } from '#modules/pricing/rules.ts'
import type { Slot } from '#modules/pricing/service.ts'
import type { Tx } from '#platform/db/kysely.ts'
import { violated } from '#platform/db/kysely.ts'
import { toMinor } from '#platform/money.ts'
import * as changes from './change.repository.ts'
import {
  hallInactive,
  inThePast,
  noSuchHall,
  noticeWithoutMove,
  otherCinema,
  outsideOpeningHours,
  overlap,
  ownOrCard,
  seatsClaimed,
  sessionCancelled,
  sessionFinished,
  sessionNotFound,
  sessionStarted,
} from './errors.ts'
import * as repository from './repository.ts'
import { businessDay, isOpen, readMoment, wallTime } from './rules.ts'
import { percentOf, requireLength, requireSalesWindow, type ScheduleDeps, type Span } from './schedule.ts'
import type { SessionUpdate } from './schemas.ts'

type Seen = NonNullable<Awaited<ReturnType<typeof changes.findForChange>>>

const requireStanding = ({ status, has_ended }: { status: string; has_ended: boolean }) => {
  if (status === 'cancelled') throw sessionCancelled()
  if (has_ended) throw sessionFinished()
}

const spanAfter = (seen: Seen, { start_time, end_time }: SessionUpdate): Span => {
  const start = start_time === undefined ? seen.start_time : readMoment(start_time, '/start_time')
  const length = seen.end_time.getTime() - seen.start_time.getTime()
  return { start, end: end_time === undefined ? new Date(start.getTime() + length) : readMoment(end_time, '/end_time') }
}

const optionalMinor = (amount: number | undefined, pointer: string) =>
  amount === undefined ? undefined : toMinor(amount, pointer)
const momentAfter = (seen: Date | null, given: string | null | undefined, pointer: string): Date | null => {
  if (given === undefined) return seen
  return given === null ? null : readMoment(given, pointer)
}

const valuesOf = (patch: SessionUpdate) => ({
  ...((patch.base_price ?? patch.vip_price ?? patch.premium_price) !== undefined && { price_card_id: null }),
  base_price_minor: optionalMinor(patch.base_price, '/base_price'),
  vip_price_minor: optionalMinor(patch.vip_price, '/vip_price'),
  premium_price_minor: optionalMinor(patch.premium_price, '/premium_price'),
  early_bird_discount: percentOf(patch.early_bird_discount, '/early_bird_discount'),
  language: patch.language,
  subtitles: patch.subtitles,
  format_3d: patch.format_3d,
  format_imax: patch.format_imax,
  is_active: patch.is_active,
  accessibility: patch.accessibility && JSON.stringify(patch.accessibility),
})

/** The hours and the format for which it takes a card's prices, when it does and they change, or when it is to from now on. */
const slotAfter = (seen: Seen, patch: SessionUpdate, { start }: Span): Slot | undefined => {
  const { base_price, vip_price, premium_price, from_price_card = false } = patch
  const isOwn = (base_price ?? vip_price ?? premium_price) !== undefined
  if (isOwn && from_price_card) throw ownOrCard()
  const format = formatOf({ format_3d: patch.format_3d ?? seen.format_3d, format_imax: patch.format_imax ?? seen.format_imax })
  const isElsewhere = start.getTime() !== seen.start_time.getTime() || format !== formatOf(seen)
  if (isOwn || !(from_price_card || (seen.price_card_id !== null && isElsewhere))) return undefined
  const { cinema_id, timezone } = seen
  return { cinema_id, day: businessDay(start, timezone), time: wallTime(start, timezone), format }
}

/** Changes a session that may have holders: checked outside, written under its lock, told by the caller. */
export const createChange = ({ db, movies, halls, cinemas, pricing, cleaningMinutes, touch }: ScheduleDeps) => {
  const placeAfter = async (seen: Seen, hall_id: number): Promise<Cinema> => {
    const cinema = await cinemas.get(seen.cinema_id)
    if (hall_id === seen.hall_id) return cinema
    const hall = await halls.forSchedule(hall_id)
    if (!hall) throw noSuchHall()
    if (hall.cinema_id !== seen.cinema_id) throw otherCinema()
    if (!hall.is_active || !cinema.is_active) throw hallInactive()
    return cinema
  }

  const salesAfter = (seen: Seen, patch: SessionUpdate, { start }: Span) => {
    const window = {
      sales_open_at: momentAfter(seen.sales_open_at, patch.sales_open_at, '/sales_open_at'),
      sales_close_at: momentAfter(seen.sales_close_at, patch.sales_close_at, '/sales_close_at'),
    }
    if (patch.sales_open_at !== undefined || patch.sales_close_at !== undefined || patch.start_time !== undefined)
      requireSalesWindow(window, start)
    return window
  }

  /** `duration_minutes` is the length of the movie that will be shown, when that changes too. */
  const draft = async (id: number, patch: SessionUpdate, duration_minutes?: number) => {
    const seen = await changes.findForChange(db, id)
    if (!seen) throw sessionNotFound()
    requireStanding(seen)
    const span = spanAfter(seen, patch)
    const hall_id = patch.hall_id ?? seen.hall_id
    const starts = span.start.getTime() !== seen.start_time.getTime()
    const ends = span.end.getTime() !== seen.end_time.getTime()
    const rehoused = hall_id !== seen.hall_id
    if (patch.notice !== undefined && !starts) throw noticeWithoutMove()
    const takesPlaceElse = starts || ends || rehoused
    const values = { ...valuesOf(patch), ...salesAfter(seen, patch, span) }
    const slot = slotAfter(seen, patch, span)
    const notice = patch.notice?.trim() ?? null
    const drawn = { id, version: seen.version, hall_id, span, starts, ends, rehoused, takesPlaceElse, notice, values, slot }
    if (!takesPlaceElse && duration_minutes === undefined) return { ...drawn, business_day: seen.business_day }
    if (takesPlaceElse && seen.has_started) throw sessionStarted()
    requireLength(span, duration_minutes ?? (await movies.forSchedule(seen.movie_id))?.duration_minutes ?? 0)
    const cinema = await placeAfter(seen, hall_id)
    if (takesPlaceElse && !isOpen(span, cinema)) throw outsideOpeningHours(cinema)
    return { ...drawn, business_day: starts ? businessDay(span.start, cinema.timezone) : seen.business_day }
  }
  type Draft = Awaited<ReturnType<typeof draft>>

  /** A hall with other seats cannot keep claims; holds whose time is over go, so that late money does not find them. */
  const rehouse = async (tx: Tx, id: number) => {
    const claimed = await changes.countLiveClaims(tx, id)
    if (claimed > 0) throw seatsClaimed(claimed)
    await changes.deleteHeldClaims(tx, id)
  }

  /** False when somebody has changed the session since the draft was drawn. */
  const lock = async (tx: Tx, { id, version, takesPlaceElse, span, slot }: Draft): Promise<boolean> => {
    if (slot) await pricing.holdCards(tx, slot.cinema_id)
    const now = await changes.lockForChange(tx, id)
    if (!now) throw sessionNotFound()
    requireStanding(now)
    if (now.version !== version) return false
    if (takesPlaceElse && now.has_started) throw sessionStarted()
    if (takesPlaceElse && !(await repository.isFuture(tx, span.start))) throw inThePast()
    return true
  }

  /**
   * Writes a draft under its lock. `move_id` names the move that holders must hear of. With `reseats` the caller gives the
   * claims seats of the new hall in the same transaction.
   */
  const write = async (
    tx: Tx,
    drawn: Draft,
    { movie_id, reseats = false }: { movie_id?: number | undefined; reseats?: boolean } = {},
  ): Promise<{ move_id: number | undefined }> => {
    const { id, hall_id, span, starts, rehoused, takesPlaceElse, business_day, notice, values, slot } = drawn
    if (rehoused && !reseats) await rehouse(tx, id)
    const isTold = (starts || reseats) && (await changes.countHolders(tx, id)) > 0
    const move_id = starts && isTold ? await changes.noteMove(tx, id, span.start, notice) : undefined
    await changes.updateSession(tx, id, {
      ...values,
      ...(slot && (await pricing.takeCard(tx, slot))),
      movie_id,
      ...(takesPlaceElse && { hall_id, business_day }),
      ...(isTold && { status: 'rescheduled' as const }),
      ...(takesPlaceElse && { moments: { ...span, cleaning_minutes: cleaningMinutes } }),
    })
    // Whoever watches the hall sees its times and its prices.
    touch(tx, [id])
    return { move_id }
  }

  /** What keeps a drafted session out of its hall. */
  const findClashOf = ({ id, hall_id, span }: Draft) =>
    repository.findClash(db, hall_id, { ...span, cleaning_minutes: cleaningMinutes }, id)

  /** The overlap that a write has met, with the session's name; any other error as it is. */
  const explain = async (drawn: Draft, error: unknown): Promise<unknown> => {
    if (violated(error) !== 'sessions_no_overlap') return error
    return overlap(await findClashOf(drawn))
  }

  return { draftChange: draft, lockForChange: lock, writeChange: write, explainChange: explain, findClashOf }
}
