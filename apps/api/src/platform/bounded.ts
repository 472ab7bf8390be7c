import type { AppError } from './errors.ts'

type Limits = { atOnce: number; queueLimit: number; busy: () => AppError }

/** Work that takes a core: so many at a time, the rest wait in turn, and past the limit they are told to come back. */
export const createBounded = ({ atOnce, queueLimit, busy }: Limits) => {
  const waiting: (() => void)[] = []
  let running = 0

  const acquire = async () => {
    if (running < atOnce) {
      running += 1
      return
    }
    if (waiting.length >= queueLimit) throw busy()
    await new Promise<void>((resolve) => waiting.push(resolve))
  }

  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    await acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
}
