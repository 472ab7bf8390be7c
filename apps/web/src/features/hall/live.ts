import type { SeatStatus } from './types.ts'

type SeatChange = [id: number, status: SeatStatus]
/** What the live map says, as far as the seats are concerned. */
export type SeatMessage =
  | { type: 'snapshot'; version: number; server_time: string; seats: SeatChange[] }
  | { type: 'delta'; version: number; seats: SeatChange[] }

/** Null before the first snapshot. */
export type LiveVersion = number | null

/**
 * Whether a message may be applied. Every change raises the version by one: a gap means that something was missed,
 * and only a fresh snapshot heals it. What is older than we know is dropped.
 */
export const judge = (version: LiveVersion, message: SeatMessage): 'replace' | 'apply' | 'drop' | 'gap' => {
  if (message.type === 'snapshot') return 'replace'
  if (version === null) return 'gap'
  if (message.version <= version) return 'drop'
  return message.version === version + 1 ? 'apply' : 'gap'
}
