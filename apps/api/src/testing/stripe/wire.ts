import type { Wire } from './parameters.ts'

/** Thrown by the bank; the server sends it as Stripe does. */
export type Refusal = Error & { status: number; error: Record<string, unknown> }

export const refusal = (
  status: number,
  error: { type: string; message: string; code?: string } & Record<string, unknown>,
): Refusal => Object.assign(new Error(error.message), { status, error })

export const invalidRequest = (message: string, more: Record<string, unknown> = {}) =>
  refusal(400, { type: 'invalid_request_error', message, ...more })

export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && 'error' in error && 'status' in error

type Bag = { [name: string]: Wire }

const put = (bag: Bag, [name = '', ...rest]: string[], value: string): void => {
  if (rest.length === 0) {
    bag[name] = value
    return
  }
  const inner = bag[name]
  const next = typeof inner === 'object' && !Array.isArray(inner) ? inner : {}
  bag[name] = next
  put(next, rest, value)
}

/** `expand[0]=x` is a list. */
const listed = (value: Wire): Wire => {
  if (typeof value !== 'object' || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([name, inner]) => [name, listed(inner)] as const)
  return entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name))
    ? entries.map(([, inner]) => inner)
    : Object.fromEntries(entries)
}

/** The form of Stripe's requests: `metadata[payment_id]=7`. */
export const parseForm = (text: string): Bag => {
  const bag: Bag = {}
  for (const [name, value] of new URLSearchParams(text))
    put(
      bag,
      name.split(/\[|\]\[|\]/).filter((part) => part !== ''),
      value,
    )
  return listed(bag) as Bag
}
