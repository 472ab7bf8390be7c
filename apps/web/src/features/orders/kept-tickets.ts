import { session as signedIn } from '#lib/api.ts'
import type { Ticket } from './api.ts'
import type { TicketSession } from './ticket-card.tsx'

export type KeptTicket = { ticket: Ticket; session: TicketSession }
type Kept = { saved_at: string; tickets: KeptTicket[] }

const NAME = 'marquee_tickets'
const MAX_KEPT = 50

/** Nothing while staff look through somebody's eyes: what is kept belongs to whoever owns the device. */
export const keptTickets = (): Kept | undefined => {
  if (signedIn.isBorrowed()) return undefined
  try {
    return (JSON.parse(localStorage.getItem(NAME) ?? 'null') as Kept | null) ?? undefined
  } catch {
    return undefined
  }
}

const brief = ({ ticket, session }: KeptTicket): KeptTicket => {
  const { id, movie_id, movie_title, hall_name, cinema_id, cinema_name, start_time, end_time, status, currency } = session
  const film = { movie_id, movie_title, status, currency }
  return { ticket, session: { id, ...film, hall_name, cinema_id, cinema_name, start_time, end_time } }
}

/** Keeps paid tickets on this device with their codes, for the door of a cinema without reception. Newer replaces older. */
export const keepTickets = (fresh: KeptTicket[], replace = false, now: () => number = Date.now) => {
  if (signedIn.isBorrowed() || (fresh.length === 0 && !replace)) return
  const known = new Map((replace ? [] : (keptTickets()?.tickets ?? [])).map((kept) => [kept.ticket.id, kept]))
  for (const kept of fresh) known.set(kept.ticket.id, brief(kept))
  const tickets = [...known.values()]
    .filter(({ ticket }) => ticket.status === 'paid' || ticket.status === 'used')
    .toSorted((a, b) => Date.parse(b.session.start_time) - Date.parse(a.session.start_time))
    .slice(0, MAX_KEPT)
  try {
    localStorage.setItem(NAME, JSON.stringify({ saved_at: new Date(now()).toISOString(), tickets } satisfies Kept))
  } catch {
    // A full or closed store: the tickets are still in the mail.
  }
}

/** Whoever signs out leaves nothing behind. */
export const forgetTickets = () => localStorage.removeItem(NAME)
