import type { SeatStatus } from './types.ts'

/** What a seat is to this visitor. `marking` and `leaving` are on their way to the server. */
export type SeatLook = SeatStatus | 'mine' | 'marking' | 'leaving'
export type Marks = { mine: ReadonlySet<number>; marking: ReadonlySet<number>; leaving: ReadonlySet<number> }

const NO_MARKS: Marks = { mine: new Set(), marking: new Set(), leaving: new Set() }

/**
 * The state of every seat outside React: rows listen for their own seats, so that a change in the hall draws the seats
 * that changed and no others.
 */
export const createSeatStore = () => {
  let statuses = new Map<number, SeatStatus>()
  let marks: Marks = NO_MARKS
  let current = 0
  const listeners = new Map<number, Set<() => void>>()
  const watchers = new Set<() => void>()

  const status = (id: number): SeatStatus => statuses.get(id) ?? 'free'
  const look = (id: number): SeatLook => {
    if (marks.marking.has(id)) return 'marking'
    if (marks.leaving.has(id)) return 'leaving'
    return marks.mine.has(id) ? 'mine' : status(id)
  }
  const tell = (ids: Iterable<number>) => {
    for (const id of ids) for (const listener of listeners.get(id) ?? []) listener()
    for (const watcher of watchers) watcher()
  }
  const listen = (id: number, listener: () => void) => {
    const own = listeners.get(id) ?? new Set()
    listeners.set(id, own.add(listener))
    return () => void own.delete(listener)
  }

  return {
    status,
    look,
    /** The look and whether the seat is the one that Tab reaches, as one comparable value. */
    snapshot: (id: number) => `${look(id)}${id === current ? ':tab' : ''}`,
    current: () => current,
    subscribe: (id: number) => (listener: () => void) => listen(id, listener),
    /** Hears when one or more of these have changed; once for each that has. */
    subscribeAny: (ids: readonly number[]) => (listener: () => void) => {
      const ends = ids.map((id) => listen(id, listener))
      return () => {
        for (const end of ends) end()
      }
    },
    /** Hears of every change: for what counts seats, not for what draws one. */
    watch: (watcher: () => void) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    replace: (seats: Iterable<readonly [number, SeatStatus]>) => {
      const before = statuses
      statuses = new Map(seats)
      const changed = new Set([...before.keys(), ...statuses.keys()].filter((id) => before.get(id) !== statuses.get(id)))
      if (changed.size > 0) tell(changed)
    },
    apply: (seats: Iterable<readonly [number, SeatStatus]>) => {
      const changed: number[] = []
      for (const [id, next] of seats) {
        if (status(id) === next) continue
        statuses.set(id, next)
        changed.push(id)
      }
      if (changed.length > 0) tell(changed)
    },
    mark: (next: Marks) => {
      const ids = new Set([marks, next].flatMap(({ mine, marking, leaving }) => [...mine, ...marking, ...leaving]))
      const before = new Map([...ids].map((id) => [id, look(id)]))
      marks = next
      const changed = [...ids].filter((id) => before.get(id) !== look(id))
      if (changed.length > 0) tell(changed)
    },
    moveTo: (id: number) => {
      if (id === current) return
      const before = current
      current = id
      tell([before, id])
    },
  }
}
export type SeatStore = ReturnType<typeof createSeatStore>
