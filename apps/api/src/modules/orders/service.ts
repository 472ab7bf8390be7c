import * as cancellations from './cancellations.repository.ts'
import * as exchanges from './exchanges.repository.ts'
import * as owners from './owners.repository.ts'
import * as repository from './repository.ts'

export type { SignOrderKey, VerifyOrderKey } from './key.ts'
export type { ExchangeRow } from './exchanges.repository.ts'
export type { GuestOrder } from './owners.repository.ts'
export type { LockedOrder } from './repository.ts'

/** What is paid at once. The steps of a sale call it with their transaction. */
export const createOrdersService = () => ({ ...repository, ...owners, ...cancellations, ...exchanges })
export type OrdersService = ReturnType<typeof createOrdersService>
