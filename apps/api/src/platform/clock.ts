/** The time outside the database. Deadlines are judged by `app.now()` in SQL, never by this. */
export type Clock = { now: () => Date }

export const systemClock: Clock = { now: () => new Date() }
