import * as cancellations from './cancellations.repository.ts'
import * as owners from './owners.repository.ts'
import * as repository from './repository.ts'

export type { SignOrderKey, VerifyOrderKey } from './key.ts'
export type { LockedOrder } from './repository.ts'

/** What is paid at once. The steps of a sale call it with their transaction. */
export const createOrdersService = () => ({ ...repository, ...owners, ...cancellations })
export type OrdersService = ReturnType<typeof createOrdersService>
