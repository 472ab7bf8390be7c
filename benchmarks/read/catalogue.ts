import { differentListAddresses, newListAddresses, newMovieAddresses, raw } from './requests.ts'
import type { Scene, Target } from './scenes.ts'

const KEPT_MOVIES = 200
/** Times the zeros that an address can have, more than are read before the lists have pushed them out of the cache. */
const READ_MOVIES = 600

const moviesUpTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

type Servers = {
  bare: Target
  /** An API that does nothing else, as the bare server it is held against. */
  keeper: Target
  /** The one that sells and searches in the other scenes. */
  api: Target
  clients: number
}

/** The scenes of Q-45, those together that take turns: what reading leaves behind is collected later, and kept answers beside it would pay for that. */
export const catalogueFamilies = ({ bare, keeper, api, clients }: Servers): Record<string, Scene>[] => {
  const movies = moviesUpTo(KEPT_MOVIES)
  const asked = (target: Target, requests: string[]): Scene => ({ target, requests, clients, wanted: 200 })
  const each = (path: (id: number) => string) => movies.map((id) => raw(path(id)))
  const list = [raw('/api/v1/movies')]
  const details = each((id) => `/api/v1/movies/${id}`)
  return [
    {
      'movie list, bare': asked(bare, [raw('/list/1')]),
      'movie list, body alone': asked(bare, [raw('/body/list/1')]),
      'movie list, kept': asked(keeper, list),
      'movie list, kept beside all else': asked(api, list),
    },
    {
      'movie, bare': asked(
        bare,
        each((id) => `/detail/${id}`),
      ),
      'movie, body alone': asked(
        bare,
        each((id) => `/body/detail/${id}`),
      ),
      'movie, kept': asked(keeper, details),
      'movie, kept beside all else': asked(api, details),
    },
    {
      'movie list, bare again': asked(bare, [raw('/list/1')]),
      'movie list, stored whole': asked(bare, [raw('/stored/list/1')]),
      'movie list, read': asked(api, newListAddresses()),
      'movie list, read, different': asked(api, differentListAddresses()),
    },
    {
      'movie, bare again': asked(
        bare,
        each((id) => `/detail/${id}`),
      ),
      'movie, stored whole': asked(
        bare,
        each((id) => `/stored/detail/${id}`),
      ),
      'movie, read': asked(api, newMovieAddresses(moviesUpTo(READ_MOVIES))),
    },
  ]
}
