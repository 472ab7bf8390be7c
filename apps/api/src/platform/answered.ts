/** What is said of a request when it has been answered. `route` is its pattern, not its address; `ms` is how long it took. */
export type Answered = { method: string; route: string; status: number; ms: number }

type Kind<T> = { method: string; status: number; known: T }

/**
 * Something for each kind of answer, by route, method and status, made when the first of that kind comes. A key put together for each request
 * would cost more than whatever is looked for.
 */
export const createPerKind = <T>(make: (answered: Answered) => T) => {
  const byRoute = new Map<string, Kind<T>[]>()
  return {
    of: (answered: Answered): T => {
      const { method, route, status } = answered
      const kinds = byRoute.get(route)
      const found = kinds?.find((kind) => kind.method === method && kind.status === status)
      if (found) return found.known
      const known = make(answered)
      byRoute.set(route, [...(kinds ?? []), { method, status, known }])
      return known
    },
    all: (): T[] => [...byRoute.values()].flatMap((kinds) => kinds.map(({ known }) => known)),
  }
}
