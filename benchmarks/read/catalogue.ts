import { differentListAddresses, differentMovieAddresses, newListAddresses, newMovieAddresses, raw } from './requests.ts'
import type { Scene, Target } from './scenes.ts'

/** As many as Fastify's own benchmarks connect. */
export const CROWD = 100
const KEPT_MOVIES = 200
/** Of each scene; times the zeros that an address can have, more than the cache has room for. */
const READ_MOVIES = 500

const moviesFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

type Servers = {
  bare: Target
  /** An API that does nothing else, as the bare server it is held against. */
  keeper: Target
  /** The one that sells and searches in the other scenes. */
  api: Target
  clients: number
}

const asked = (target: Target, requests: string[], clients: number): Scene => ({ target, requests, clients, wanted: 200 })
/** An answer of the cache is not what a scene of reading measures. */
const fresh = (...scene: Parameters<typeof asked>): Scene => ({ ...asked(...scene), fresh: true })

const moviesOf = (path: string) => moviesFrom(1, KEPT_MOVIES).map((id) => raw(`${path}/${id}`))
const [BARE_LIST, BARE_MOVIES] = [[raw('/list/1')], moviesOf('/detail')]

const keptFamilies = ({ bare, keeper, api, clients }: Servers): Record<string, Scene>[] => {
  const [list, movies] = [[raw('/api/v1/movies')], moviesOf('/api/v1/movies')]
  return [
    {
      'movie list, bare': asked(bare, BARE_LIST, clients),
      'movie list, body alone': asked(bare, [raw('/body/list/1')], clients),
      'movie list, kept': asked(keeper, list, clients),
      'movie list, kept beside all else': asked(api, list, clients),
    },
    {
      'movie, bare': asked(bare, BARE_MOVIES, clients),
      'movie, body alone': asked(bare, moviesOf('/body/detail'), clients),
      'movie, kept': asked(keeper, movies, clients),
      'movie, kept beside all else': asked(api, movies, clients),
    },
  ]
}

/** `who` asks: their addresses are their own. */
const readFamilies = ({ bare, api }: Servers, who: string, clients: number, own: { and: string; movies: number }) => [
  {
    [`movie list, bare, ${who}`]: asked(bare, BARE_LIST, clients),
    [`movie list, stored whole, ${who}`]: asked(bare, [raw('/stored/list/1')], clients),
    [`movie list, read, ${who}`]: fresh(api, newListAddresses(own.and), clients),
    [`movie list, read, different, ${who}`]: fresh(api, differentListAddresses(own.and), clients),
  },
  {
    [`movie, bare, ${who}`]: asked(bare, BARE_MOVIES, clients),
    [`movie, stored whole, ${who}`]: asked(bare, moviesOf('/stored/detail'), clients),
    [`movie, read, ${who}`]: fresh(api, newMovieAddresses(moviesFrom(own.movies, READ_MOVIES)), clients),
    [`movie, read, different, ${who}`]: fresh(
      api,
      differentMovieAddresses(moviesFrom(own.movies + READ_MOVIES, READ_MOVIES)),
      clients,
    ),
  },
]

/** Who asks in the scenes of reading. */
export const READERS = ['few', 'crowd'] as const

/** The scenes of Q-45, those together that take turns: what reading leaves behind is collected later, and kept answers beside it would pay for that. */
export const catalogueFamilies = (servers: Servers): Record<string, Scene>[] => {
  const [few, crowd] = READERS
  return [
    ...keptFamilies(servers),
    ...readFamilies(servers, few, servers.clients, { and: '', movies: 1 }),
    ...readFamilies(servers, crowd, CROWD, { and: '&sort=newest', movies: 1 + READ_MOVIES * 2 }),
  ]
}
