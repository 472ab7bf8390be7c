import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { holderOf } from '#platform/http/auth.ts'
import { preferredLocale } from '#platform/http/language.ts'
import { IdParams, problems } from '#platform/http/schemas.ts'
import { PaperQuery } from './schemas.ts'
import type { Paper, PapersService } from './service.ts'

type Plugin = FastifyPluginAsyncTypebox<{ papers: PapersService }>

const PDF = 'application/pdf'
const CALENDAR = 'text/calendar'

/** Handlers send bytes, so these shapes only document. */
const file = (type: string, description: string): object => ({
  200: { description, content: { [type]: { schema: { type: 'string', ...(type === PDF && { format: 'binary' }) } } } },
})

const localeOf = ({ headers }: FastifyRequest, { lang }: PaperQuery) => lang ?? preferredLocale(headers['accept-language'])

const send = (reply: FastifyReply, type: string, { disposition, content }: Paper) =>
  reply
    .type(type === CALENDAR ? `${CALENDAR}; charset=utf-8; method=PUBLISH` : type)
    .header('content-disposition', disposition)
    .header('cache-control', 'private, no-store')
    .header('vary', 'accept-language')
    .send(content)

const printing = { access: 'holder', reach: 'own or tickets.manage' } as const

/** Stands under /tickets. */
export const ticketPapersRouter: Plugin = async (app, { papers }) => {
  const tags = ['tickets']
  app.get('/:id/pdf', {
    config: printing,
    schema: {
      tags,
      summary: 'A paid ticket to print and keep',
      params: IdParams,
      querystring: PaperQuery,
      response: { ...file(PDF, 'The ticket on one page.'), ...problems(401, 404, 409, 422, 503) },
    },
    handler: async (request, reply) =>
      send(reply, PDF, await papers.ticketPdf(holderOf(request), request.params.id, localeOf(request, request.query))),
  })

  app.get('/:id/calendar', {
    config: printing,
    schema: {
      tags,
      summary: 'A ticket for the calendar',
      description: 'Asked for again it moves with its session, and is cancelled with its ticket.',
      params: IdParams,
      querystring: PaperQuery,
      response: { ...file(CALENDAR, 'An iCalendar with one event.'), ...problems(401, 404, 409, 422) },
    },
    handler: async (request, reply) =>
      send(reply, CALENDAR, await papers.ticketCalendar(holderOf(request), request.params.id, localeOf(request, request.query))),
  })
}

/** Stands under /orders. */
export const orderPapersRouter: Plugin = async (app, { papers }) => {
  const tags = ['orders']
  app.get('/:id/pdf', {
    config: printing,
    schema: {
      tags,
      summary: 'The paid tickets of an order to print and keep',
      params: IdParams,
      querystring: PaperQuery,
      response: { ...file(PDF, 'A page for each ticket.'), ...problems(401, 404, 409, 422, 503) },
    },
    handler: async (request, reply) =>
      send(reply, PDF, await papers.orderPdf(holderOf(request), request.params.id, localeOf(request, request.query))),
  })

  app.get('/:id/calendar', {
    config: printing,
    schema: {
      tags,
      summary: 'The sessions of an order for the calendar',
      params: IdParams,
      querystring: PaperQuery,
      response: { ...file(CALENDAR, 'An iCalendar with an event for each session.'), ...problems(401, 404, 409, 422) },
    },
    handler: async (request, reply) =>
      send(reply, CALENDAR, await papers.orderCalendar(holderOf(request), request.params.id, localeOf(request, request.query))),
  })
}

/** Stands under /receipts. */
export const receiptPapersRouter: Plugin = async (app, { papers }) => {
  app.get('/:id/pdf', {
    config: printing,
    schema: {
      tags: ['orders'],
      summary: 'A receipt or a credit note to print and keep',
      params: IdParams,
      querystring: PaperQuery,
      response: { ...file(PDF, 'The paper.'), ...problems(401, 404, 422, 503) },
    },
    handler: async (request, reply) =>
      send(reply, PDF, await papers.receiptPdf(holderOf(request), request.params.id, localeOf(request, request.query))),
  })
}
