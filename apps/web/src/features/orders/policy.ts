/** The server's default of CANCEL_CUTOFF_MINUTES. No answer of the API names it before a refusal does. */
export const CUTOFF_MINUTES = 30

/** Until when a ticket can be given back. */
export const cutoffOf = (start_time: string) => new Date(Date.parse(start_time) - CUTOFF_MINUTES * 60_000)
