/** Spoken politely at these seconds, and at no others. */
const ANNOUNCED = [300, 60] as const
/** From here on the hold can be made longer with one tap. */
const OFFER_FROM = 180
const HURRY_FROM = 60

/** How far the server's clock is ahead of ours, in milliseconds. */
export const clockOffset = (server_time: string, now_ms: number) => Date.parse(server_time) - now_ms

/** Whole seconds until a deadline by the server's clock, never below zero; a second is shown until it is over. */
export const secondsLeft = (expires_at: string, now_ms: number, offset_ms: number) =>
  Math.max(Math.ceil((Date.parse(expires_at) - now_ms - offset_ms) / 1000), 0)

/** 9:05, 0:59. */
export const asClock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`

/** How many minutes to speak of when the countdown has gone from one value to the next; usually none. */
export const announcement = (before: number, after: number): number | undefined => {
  const passed = ANNOUNCED.find((mark) => before > mark && after <= mark && after > mark - 30)
  return passed && passed / 60
}

export type Urgency = 'calm' | 'offer' | 'hurry' | 'over'

export const urgencyOf = (seconds: number): Urgency => {
  if (seconds <= 0) return 'over'
  if (seconds <= HURRY_FROM) return 'hurry'
  return seconds <= OFFER_FROM ? 'offer' : 'calm'
}
