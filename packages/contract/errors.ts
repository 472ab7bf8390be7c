import type { components } from './schema.d.ts'

export type Problem = components['schemas']['Problem']
export type FieldError = components['schemas']['FieldError']

/** A refusal in the server's own words. `code` is stable and is what the app translates; `data` holds what else it named. */
export type ApiError = Error & {
  name: 'ApiError'
  /** 0 when no answer came. */
  status: number
  code: string
  detail: string
  errors: FieldError[]
  data: Record<string, unknown>
  request_id: string | undefined
  /** Seconds. */
  retry_after: number | undefined
}

const KNOWN = new Set(['type', 'title', 'status', 'detail', 'code', 'request_id', 'errors'])

const retryAfter = (problem: Partial<Problem>, response: Response | undefined) => {
  const seconds = Number(problem['retry_after'] ?? response?.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : undefined
}

export const apiError = (said: Partial<Problem> | undefined, response?: Response): ApiError => {
  const problem: Partial<Problem> = typeof said === 'object' && said !== null ? said : {}
  const status = problem.status ?? response?.status ?? 0
  const detail = problem.detail ?? `The server answered ${status}.`
  return Object.assign(new Error(detail), {
    name: 'ApiError' as const,
    status,
    code: problem.code ?? (status >= 500 ? 'server.unavailable' : 'request.bad'),
    detail,
    errors: problem.errors ?? [],
    data: Object.fromEntries(Object.entries(problem).filter(([name]) => !KNOWN.has(name))),
    request_id: problem.request_id ?? response?.headers.get('x-request-id') ?? undefined,
    retry_after: retryAfter(problem, response),
  })
}

export const isApiError = (error: unknown): error is ApiError => error instanceof Error && error.name === 'ApiError'
