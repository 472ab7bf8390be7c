import { Readable } from 'node:stream'

import type { FastifyReply } from 'fastify'

/** The handler sends a stream, so this shape only documents. */
export const csvFile: object = { 200: { description: 'The rows.', content: { 'text/csv': { schema: { type: 'string' } } } } }

/** Sends rows as they come, as a file of today. */
export const sendCsv = (reply: FastifyReply, what: string, pieces: AsyncIterable<string>) =>
  reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${what}_${new Date().toISOString().slice(0, 10)}.csv"`)
    .send(Readable.from(pieces))
