import { invalidRequest, isRefusal, refusal, type Refusal } from './wire.ts'

type Kept = { status: number; body: unknown }
type Entry = { request: string; kept?: Kept }
export type Answer = Kept & { isReplayed: boolean }

const serverError = { status: 500, body: { error: { type: 'api_error', message: 'An unknown error occurred.' } } }
const toAnswer = ({ status, error }: Refusal): Kept => ({ status, body: { error } })

/** Stripe's idempotency: the first answer to a key is kept, whatever it was, and given to every repeat of the same request. */
export const createKeys = (thinkMs: number) => {
  const entries = new Map<string, Entry>()
  const failures = { count: 0, afterEffect: false }

  const run = (work: () => unknown): Kept => {
    const fails = failures.count > 0
    if (fails) failures.count -= 1
    if (fails && !failures.afterEffect) return serverError
    try {
      const body = structuredClone(work())
      return fails ? serverError : { status: 200, body }
    } catch (error) {
      if (isRefusal(error)) return toAnswer(error)
      throw error
    }
  }

  return {
    /** From now on so many requests end in a server error that is kept under their key. */
    keepFailures: (count: number, { afterEffect }: { afterEffect: boolean }) => Object.assign(failures, { count, afterEffect }),
    execute: async (key: string | undefined, request: string, work: () => unknown): Promise<Answer> => {
      if (key === undefined) return { ...run(work), isReplayed: false }
      if (key.length > 255) throw invalidRequest('Idempotency keys have at most 255 characters.')
      const known = entries.get(key)
      if (known && known.request !== request)
        throw refusal(400, {
          type: 'idempotency_error',
          message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
        })
      if (known && !known.kept)
        throw refusal(409, {
          type: 'idempotency_error',
          code: 'idempotency_key_in_use',
          message: 'Another request is under way.',
        })
      if (known?.kept) return { ...known.kept, isReplayed: true }
      const entry: Entry = { request }
      entries.set(key, entry)
      if (thinkMs > 0) await new Promise((resolve) => setTimeout(resolve, thinkMs))
      entry.kept = run(work)
      return { ...entry.kept, isReplayed: false }
    },
  }
}
