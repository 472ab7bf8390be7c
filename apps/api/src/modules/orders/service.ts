import * as repository from './repository.ts'

export type { LockedOrder } from './repository.ts'

/** What is paid at once. The steps of a sale call it with their transaction. */
export const createOrdersService = () => ({ ...repository })
export type OrdersService = ReturnType<typeof createOrdersService>
