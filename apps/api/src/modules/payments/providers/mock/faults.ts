import { setTimeout as sleep } from 'node:timers/promises'

import { providerUnavailable } from '../../errors.ts'
import type { CallFault, Operation, WebhookFault } from './schemas.ts'

const SLOW_MS = 3_000

/** Misbehaviour ordered for the next calls or webhooks. It counts what struck, so that a test can prove it met faults. */
export const createFaults = () => {
  const pending = new Set<CallFault | WebhookFault>()
  const struck = new Map<string, number>()

  const strike = <T extends CallFault | WebhookFault>(fault: T, name: string): T => {
    fault.count -= 1
    if (fault.count === 0) pending.delete(fault)
    struck.set(name, (struck.get(name) ?? 0) + 1)
    return fault
  }

  return {
    order: (fault: CallFault | WebhookFault): void => {
      pending.add({ ...fault })
    },
    forCall: (operation: Operation): CallFault | undefined => {
      for (const fault of pending)
        if ('kind' in fault && (fault.operation ?? operation) === operation) return strike(fault, fault.kind)
      return undefined
    },
    forWebhook: (): WebhookFault | undefined => {
      for (const fault of pending) if ('webhooks' in fault) return strike(fault, fault.webhooks)
      return undefined
    },
    clear: () => {
      pending.clear()
      struck.clear()
    },
    report: () => ({ pending: pending.values().reduce((sum, { count }) => sum + count, 0), struck: Object.fromEntries(struck) }),
  }
}

export type Faults = ReturnType<typeof createFaults>

/** How a caller without a network between meets a fault: time-outs come at once. */
export const misbehave = async <T>(fault: CallFault | undefined, effect: () => Promise<T>): Promise<T> => {
  if (!fault) return effect()
  if (fault.kind === 'slow') {
    const result = await effect()
    await sleep(fault.ms ?? SLOW_MS)
    return result
  }
  if (fault.kind === 'timeout_after' || fault.kind === 'reset') await effect()
  throw providerUnavailable(`The provider was told to fail: ${fault.kind}.`)
}
