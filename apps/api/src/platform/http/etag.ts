import { hash } from 'node:crypto'

import type { FastifyRequest } from 'fastify'

import { lockRow, type Tx } from '../db/kysely.ts'
import { AppError } from '../errors.ts'

const VARIANT = /-(br|gzip)"$/

export const etagOfText = (text: string | Buffer): string => `"${hash('sha1', text, 'base64url')}"`

/** A strong tag of what a resource says; the same for as long as it says the same. */
export const etagOf = (resource: unknown): string => etagOfText(JSON.stringify(resource))

/** Each encoding of the same resource is other bytes, and has a tag of its own. */
export const variantOf = (etag: string, encoding: string | undefined): string =>
  encoding ? etag.replace(/"$/, `-${encoding}"`) : etag

const plain = (tag: string) => tag.trim().replace(VARIANT, '"')

/** Whether a client that sent this `If-None-Match` has the resource already. */
export const isKnown = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => plain(tag.trim().replace(/^W\//, '')) === etag))

/** Refuses a change that was made to an older state of the resource than the current one. */
export const requireMatch = (header: string | undefined, current: unknown): void => {
  if (header === undefined || header.trim() === '*') return
  const etag = etagOf(current)
  if (header.split(',').some((tag) => plain(tag) === etag)) return
  throw new AppError(412, 'request.changed_meanwhile', 'Somebody has changed this since you read it. Read it again.', { etag })
}

/** Throws when a resource is not as the sender of a change saw it. */
export type Match = (current: unknown) => void

/** What the request's `If-Match` demands, or nothing. */
export const matchOf = ({ headers }: FastifyRequest): Match | undefined => {
  const header = headers['if-match']
  return header === undefined ? undefined : (current) => requireMatch(header, current)
}

/** Locks a resource and holds it against what the sender of the change saw; whoever changes it next waits. */
export const meet = async (
  tx: Tx,
  match: Match | undefined,
  table: string,
  id: number,
  show: (tx: Tx) => Promise<unknown>,
): Promise<void> => {
  if (!match) return
  await lockRow(tx, table, id)
  const current = await show(tx)
  if (current) match(current)
}
