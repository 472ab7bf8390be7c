import { sessionNotFound } from '#modules/sessions/errors.ts'
import type { SessionAtDoor, SessionsService } from '#modules/sessions/service.ts'
import { recordEvent } from '#platform/audit.ts'
import { changedMeanwhile, type Db, transaction, type Tx, violated } from '#platform/db/kysely.ts'
import { actorKey, type Buyer, worksAt } from '#platform/http/access.ts'
import * as checkIns from './check-ins.repository.ts'
import { nonceReused, notUsed, oneCode, reasonNeeded, ticketNotFound } from './errors.ts'
import type { TicketClaims, VerifyTicket } from './qr.ts'
import * as repository from './repository.ts'
import { doorSentences, judgeAtDoor } from './rules.ts'
import type { CheckIn, CheckInCreate, CheckInUndo, SessionCheckIns } from './schemas.ts'

type Deps = { db: Db; sessions: SessionsService; verifyTicket: VerifyTicket; doorsOpenMinutes: number; cutoffMinutes: number }
type Scene = { ticket: checkIns.TicketAtDoor; session: SessionAtDoor }
type Outcome = { result: CheckIn['result']; entry?: checkIns.CheckInRow | undefined; repeated?: boolean }

const NONCE = 'check_ins_nonce'
const COUNTER = 'counter'

const nobody: Pick<CheckIn, 'ticket' | 'session'> = { ticket: null, session: null }

const show = ({ result, entry, repeated = false }: Outcome, scene?: Scene): CheckIn => ({
  result,
  detail: doorSentences[result],
  ...(scene
    ? { ticket: { ...scene.ticket, status: result === 'ok' ? 'used' : scene.ticket.status }, session: scene.session }
    : nobody),
  checked_in_at: entry?.scanned_at ?? null,
  device: entry?.device ?? null,
  forced: entry?.forced ?? false,
  repeated,
})

/** A code for a seat that the ticket has no more was replaced by a newer one. */
const isReplaced = (claims: TicketClaims | undefined, { session_id, seat_id }: checkIns.TicketAtDoor) =>
  claims !== undefined && (claims.session_id !== session_id || claims.seat_id !== seat_id)

/** The state and the book of the door change together, in the caller's transaction. False when the ticket is not paid. */
const enter = async (tx: Tx, entry: checkIns.NewEntry): Promise<checkIns.CheckInRow | undefined> => {
  const { ticket_id, actor, device, forced, reason = null } = entry
  const [moved] = await repository.mark(tx, [ticket_id], 'used', actor, reason)
  if (moved === undefined) return undefined
  // A scan is in the book of the door; whoever opened against its rules must answer for it.
  const event = { object_kind: 'tickets', object_id: ticket_id, after: { device, reason } }
  if (forced) await recordEvent(tx, { action: 'tickets.entry_forced', ...event })
  return checkIns.insertEntry(tx, entry)
}

const decide = async (tx: Tx, actor: Buyer, scene: Scene, body: CheckInCreate, claims?: TicketClaims): Promise<Outcome> => {
  const { ticket, session } = scene
  const known = body.nonce === undefined ? undefined : await checkIns.findByNonce(tx, body.nonce)
  if (known && (known.ticket_id !== ticket.id || known.device !== body.device)) throw nonceReused()
  if (known) return { result: 'ok', entry: known, repeated: true }
  const result = judgeAtDoor({ status: isReplaced(claims, ticket) ? 'cancelled' : ticket.status, session, asked: body })
  if (result === 'already_used') return { result, entry: await checkIns.findStanding(tx, ticket.id) }
  if (result !== 'ok') return { result }
  const { device, nonce, force: forced = false, reason } = body
  const entry = await enter(tx, { ticket_id: ticket.id, device, nonce, forced, reason, actor: actorKey(actor) })
  if (!entry) throw changedMeanwhile()
  return { result, entry }
}

export const createDoor = ({ db, sessions, verifyTicket, doorsOpenMinutes, cutoffMinutes }: Deps) => {
  /** In the order in which everybody locks: the session, then the ticket. */
  const lockScene = async (tx: Tx, by: Parameters<typeof checkIns.findForDoor>[1]): Promise<Scene | undefined> => {
    const found = await checkIns.findForDoor(tx, by)
    if (!found) return undefined
    const session = await sessions.lockAtDoor(tx, found.session_id, doorsOpenMinutes)
    const ticket = await checkIns.lockForDoor(tx, found.id)
    if (!session || ticket?.session_id !== session.id) throw changedMeanwhile()
    return { session, ticket }
  }

  const record = async (actor: Buyer, body: CheckInCreate, by: { id: number } | { reference: string }, claims?: TicketClaims) => {
    try {
      return await transaction(db, async (tx) => {
        const scene = await lockScene(tx, by)
        if (!scene) return show({ result: 'unknown' })
        // Its holder is told where to go; whose it is and what became of it is the business of that cinema.
        if (!worksAt(actor, scene.session.cinema_id)) return { ...show({ result: 'wrong_session' }), session: scene.session }
        return show(await decide(tx, actor, scene, body, claims), scene)
      })
    } catch (error) {
      throw violated(error) === NONCE ? nonceReused() : error
    }
  }

  return {
    /** Staff have marked a ticket used without its code: an entry that nobody has judged. */
    enterAtCounter: (tx: Tx, ticketId: number, actor: Buyer) =>
      enter(tx, { ticket_id: ticketId, device: COUNTER, actor: actorKey(actor), forced: true, reason: 'marked used by staff' }),

    /** What a door answers to a code or a reference; every answer that a scanner can show is a result, not an error. */
    checkIn: async (actor: Buyer, body: CheckInCreate): Promise<CheckIn> => {
      if ((body.qr_code === undefined) === (body.booking_reference === undefined)) throw oneCode()
      if (body.force && body.reason === undefined) throw reasonNeeded()
      if (body.booking_reference !== undefined)
        return record(actor, body, { reference: body.booking_reference.trim().toUpperCase() })
      const claims = verifyTicket(body.qr_code ?? '')
      return claims ? record(actor, body, { id: claims.ticket_id }, claims) : show({ result: 'unknown' })
    },

    undo: (actor: Buyer, id: number, { reason, device = COUNTER }: CheckInUndo) =>
      transaction(db, async (tx) => {
        const scene = await lockScene(tx, { id })
        if (!scene || !worksAt(actor, scene.session.cinema_id)) throw ticketNotFound()
        if (!(await checkIns.markUnused(tx, id))) throw notUsed()
        // Whoever did not see a cancelled session after all gets the money back as everybody else did.
        await sessions.reopenCancellation(tx, scene.session.id)
        await repository.noteEvents(tx, [id], 'paid', actorKey(actor), reason)
        await recordEvent(tx, {
          action: 'tickets.entry_undone',
          object_kind: 'tickets',
          object_id: id,
          after: { device, reason },
        })
        await checkIns.endEntry(tx, { ticket_id: id, device, actor: actorKey(actor), reason })
        const ticket = await repository.findView(tx, cutoffMinutes, id)
        if (!ticket) throw ticketNotFound()
        return ticket
      }),

    count: async (actor: Buyer, sessionId: number): Promise<SessionCheckIns> => {
      if (!(await sessions.exists(sessionId))) throw sessionNotFound()
      await sessions.requireOwn(actor, sessionId)
      const { expected, entered } = await checkIns.countEntries(db, sessionId)
      return { session_id: sessionId, expected, entered, left: expected - entered }
    },
  }
}
