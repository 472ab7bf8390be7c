import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type Stripe from 'stripe'

import { refusal } from './wire.ts'

export type Intent = Stripe.PaymentIntent
type Fixtures = { payment_intent: Intent; refund: Stripe.Refund; dispute: Stripe.Dispute; event: Stripe.Event }

export const fixtures = JSON.parse(readFileSync(new URL('fixtures.json', import.meta.url), 'utf8')) as Fixtures
export const newId = (prefix: string) => `${prefix}_${randomBytes(12).toString('hex')}`

export type JournalLine = {
  idempotency_key: string
  reference: string
  payment_id: number
  kind: 'charge' | 'refund'
  amount_minor: number
}
export type Tell = (type: Stripe.Event.Type, object: object, about: string) => void
export type Page = { limit: number; starting_after?: string | undefined; gte?: number; lt?: number; lte?: number }

export const notFound = (what: string, id: string, param: string) =>
  refusal(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${what}: '${id}'`, param })

/** Newest first, as all of Stripe's lists. */
export const pageOf = <T extends { id: string; created: number }>(url: string, all: T[], page: Page) => {
  const { gte = 0, lt = Infinity, lte = Infinity } = page
  const rows = all.filter(({ created }) => created >= gte && created < lt && created <= lte).toReversed()
  const from = page.starting_after === undefined ? 0 : rows.findIndex(({ id }) => id === page.starting_after) + 1
  const data = rows.slice(from, from + page.limit)
  return { object: 'list', url, has_more: rows.length > from + page.limit, data }
}
