import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api, unwrap } from '#lib/api.ts'

/** Shorter words find everything. */
export const SHORTEST = 2

/** Films and people for what is typed so far; the answer before stays until the next is there. */
export const suggestionsQuery = (typed: string, limit: number) => {
  const q = typed.trim()
  return queryOptions({
    queryKey: ['suggestions', q, limit],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/search/suggest', { params: { query: { q, limit } }, signal })),
    enabled: q.length >= SHORTEST,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

const FOUND_AT_ONCE = 24

/** Films that a whole word finds: by title, by people, in any of the alphabets. */
export const foundQuery = (search: string) =>
  queryOptions({
    queryKey: ['films', 'found', search],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/movies', { params: { query: { search, size: FOUND_AT_ONCE } }, signal })),
    enabled: search !== '',
    placeholderData: keepPreviousData,
  })
