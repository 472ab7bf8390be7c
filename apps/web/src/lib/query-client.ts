import { QueryClient } from '@tanstack/react-query'

import { isApiError } from './api.ts'

const MAX_TRIES = 2

/** A refusal stays a refusal; only a server that is away is asked again. */
const worthRepeating = (tries: number, error: unknown) =>
  tries < MAX_TRIES && (!isApiError(error) || error.status === 0 || error.status >= 500)

export const createQueryClient = (retry: typeof worthRepeating | false = worthRepeating) =>
  new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry }, mutations: { retry: false } } })
