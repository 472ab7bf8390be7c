import { AsyncLocalStorage } from 'node:async_hooks'

/** Whoever a request of staff, or one about signing in, comes from: what the audit log says of its changes. */
export type Caller = { actor: string; role: string | null; operation: string; request_id: string; ip: string }

const callers = new AsyncLocalStorage<Caller>()

export const runAs = (caller: Caller, work: () => void): void => callers.run(caller, work)
export const currentCaller = (): Caller | undefined => callers.getStore()
