/** What `GET /api/v1/sessions/{id}/live` says over its WebSocket, one JSON text a message. */
export type SeatState = 'free' | 'held' | 'sold' | 'blocked'
export type LiveSeat = [seat_id: number, state: SeatState]

/** Every seat of the hall. It comes first, and again when the hall itself has changed; it replaces whatever was known. */
export type LiveSnapshot = { type: 'snapshot'; version: number; server_time: string; seats: LiveSeat[] }

/** Seats that have changed. `version` is one more than that of the message before; after a gap connect again. */
export type LiveDelta = { type: 'delta'; version: number; seats: LiveSeat[] }

/** The session was cancelled, moved or priced anew, or is over: read it again. */
export type LiveSession = { type: 'session'; status: 'scheduled' | 'rescheduled' | 'cancelled' | 'finished' }

export type LiveMessage = LiveSnapshot | LiveDelta | LiveSession

/** 4404: there is no such session. 4429: this address watches too often. 1013: come back in a moment. */
export type LiveCloseCode = 4404 | 4429 | 1013
