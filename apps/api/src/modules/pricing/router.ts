import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import {
  PriceCard,
  PriceCardCreate,
  PriceCardList,
  PriceCardQuery,
  PriceCardUpdate,
  PricePreview,
  PricePreviewQuery,
  PriceRules,
  PriceRulesUpdate,
} from './card.schemas.ts'
import { TicketType, TicketTypeCreate, TicketTypeList, TicketTypeQuery, TicketTypeUpdate } from './schemas.ts'
import type { PricingService } from './service.ts'

const tags = ['prices']
type Plugin = FastifyPluginAsyncTypebox<{ pricing: PricingService }>
const methods = ['PUT', 'PATCH'] as const

export const ticketTypesRouter: Plugin = async (app, { pricing }) => {
  app.get('', {
    config: { access: 'public', together: true },
    schema: {
      tags,
      summary: 'Types of tickets, and who may buy them',
      querystring: TicketTypeQuery,
      response: { 200: ref(TicketTypeList), ...problems(422) },
    },
    handler: (request) => pricing.listTypes(request.query),
  })

  app.get('/:id', {
    config: { access: 'public', together: true },
    schema: { tags, summary: 'One type of ticket', params: IdParams, response: { 200: ref(TicketType), ...problems(404, 422) } },
    handler: (request) => pricing.getType(request.params.id),
  })

  app.post('', {
    config: { access: 'prices.write', reach: 'any' },
    schema: {
      tags,
      summary: 'Add a type of ticket to the chain',
      body: ref(TicketTypeCreate),
      response: { 201: ref(TicketType), ...problems(400, 401, 403, 409, 422, 503) },
    },
    handler: async (request, reply) => reply.code(201).send(await pricing.createType(request.body)),
  })

  for (const method of methods)
    app.route({
      method,
      url: '/:id',
      config: { access: 'prices.write', reach: 'any' },
      schema: {
        tags,
        summary: 'Change or retire a type of ticket; what is left out stays',
        params: IdParams,
        body: ref(TicketTypeUpdate),
        response: { 200: ref(TicketType), ...problems(400, 401, 403, 404, 409, 422, 503) },
      },
      handler: (request) => pricing.updateType(request.params.id, request.body),
    })

  app.delete('/:id', {
    config: { access: 'prices.write', reach: 'any' },
    schema: {
      tags,
      summary: 'Retire a type of ticket; tickets that have it keep it',
      params: IdParams,
      response: { 200: ref(TicketType), ...problems(401, 403, 404, 409, 422, 503) },
    },
    handler: (request) => pricing.retireType(request.params.id),
  })
}

const reading: Plugin = async (app, { pricing }) => {
  app.get('', {
    config: { access: 'prices.write' },
    schema: {
      tags,
      summary: 'Price cards of my cinemas',
      querystring: PriceCardQuery,
      response: { 200: ref(PriceCardList), ...problems(401, 403, 422) },
    },
    handler: (request) => pricing.listCards(userOf(request), request.query),
  })

  app.get('/preview', {
    config: { access: 'prices.write' },
    schema: {
      tags,
      summary: 'What a buyer would pay on a day at an hour, with every fee',
      querystring: PricePreviewQuery,
      response: { 200: ref(PricePreview), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => pricing.preview(userOf(request), request.query),
  })

  app.get('/:id', {
    config: { access: 'prices.write' },
    schema: {
      tags,
      summary: 'One price card',
      params: IdParams,
      response: { 200: ref(PriceCard), ...problems(401, 403, 404, 422) },
    },
    handler: (request) => pricing.getCard(userOf(request), request.params.id),
  })
}

const writing: Plugin = async (app, { pricing }) => {
  app.post('', {
    config: { access: 'prices.write' },
    schema: {
      tags,
      summary: 'Make a price card',
      body: ref(PriceCardCreate),
      response: { 201: ref(PriceCard), ...problems(400, 401, 403, 409, 422, 503) },
    },
    handler: async (request, reply) => reply.code(201).send(await pricing.createCard(userOf(request), request.body)),
  })

  for (const method of methods)
    app.route({
      method,
      url: '/:id',
      config: { access: 'prices.write' },
      schema: {
        tags,
        summary: 'Change or retire a price card; what is left out stays',
        description:
          'Sessions to come that take their prices from cards are given the new ones at once; what is held keeps its price.',
        params: IdParams,
        body: ref(PriceCardUpdate),
        response: { 200: ref(PriceCard), ...problems(400, 401, 403, 404, 409, 422, 503) },
      },
      handler: (request) => pricing.updateCard(userOf(request), request.params.id, request.body),
    })

  app.delete('/:id', {
    config: { access: 'prices.write' },
    schema: {
      tags,
      summary: 'Retire a price card that no session to come needs',
      params: IdParams,
      response: { 200: ref(PriceCard), ...problems(401, 403, 404, 409, 422, 503) },
    },
    handler: (request) => pricing.retireCard(userOf(request), request.params.id),
  })
}

export const priceCardsRouter: Plugin = async (app, { pricing }) => {
  await app.register(reading, { pricing })
  await app.register(writing, { pricing })
}

/** Stands under /cinemas. */
export const priceRulesRouter: Plugin = async (app, { pricing }) => {
  app.get('/:id/price-rules', {
    config: { access: 'public', together: true },
    schema: {
      tags,
      summary: 'Booking fees, tax and rounding of a cinema',
      params: IdParams,
      response: { 200: ref(PriceRules), ...problems(404, 422) },
    },
    handler: (request) => pricing.getRules(request.params.id),
  })

  for (const method of methods)
    app.route({
      method,
      url: '/:id/price-rules',
      config: { access: 'prices.write' },
      schema: {
        tags,
        summary: 'Change what a cinema adds to its tickets; what is left out stays',
        params: IdParams,
        body: ref(PriceRulesUpdate),
        response: { 200: ref(PriceRules), ...problems(400, 401, 403, 404, 422, 503) },
      },
      handler: (request) => pricing.updateRules(userOf(request), request.params.id, request.body),
    })
}
