import * as repository from './repository.ts'

/** Who sits where. Every method works on the caller's transaction. */
export const createSeatsService = () => ({ ...repository })
export type SeatsService = ReturnType<typeof createSeatsService>
