type ErrorData = Record<string, unknown>

/** One thing that is wrong with the input, and where: a JSON pointer into the body, or a parameter's name. */
export type FieldError = { pointer: string; detail: string; code: string }

/** An expected failure. `code` is stable and is what clients translate; `detail` is English; `data` joins the problem document. */
export class AppError extends Error {
  readonly status: number
  readonly code: string
  readonly data: ErrorData

  constructor(status: number, code: string, detail: string, data: ErrorData = {}) {
    // A sold-out session throws thousands of these in a second, and nobody reads where.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(detail)
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'AppError'
    this.status = status
    this.code = code
    this.data = data
  }
}

/** Input that has the right shape and still cannot be accepted. */
export const invalid = (pointer: string, detail: string, code = 'request.invalid') =>
  new AppError(422, code, detail, { errors: [{ pointer, detail, code }] satisfies FieldError[] })

export const tryAgainLater = (code: string, detail: string, seconds: number) =>
  new AppError(503, code, detail, { retry_after: seconds })
