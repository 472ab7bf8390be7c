import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { userOf } from '#platform/http/auth.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import {
  MovieParams,
  Review,
  ReviewCreate,
  ReviewInProcess,
  ReviewInProcessList,
  ReviewList,
  ReviewModeration,
  ReviewPageQuery,
  ReviewQuery,
  ReviewUpdate,
  ReviewVote,
} from './schemas.ts'
import type { ReviewsService } from './service.ts'

const tags = ['reviews']

type Plugin = FastifyPluginAsyncTypebox<{ reviews: ReviewsService }>

const reading: Plugin = async (app, { reviews }) => {
  app.get('/movie/:movie_id', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'The approved reviews of a movie',
      params: MovieParams,
      querystring: ReviewQuery,
      response: { 200: ref(ReviewList), ...problems(404, 422) },
    },
    handler: (request) => reviews.listOfMovie(request.params.movie_id, request.query),
  })

  app.get('/user/my-reviews', {
    config: { access: 'user' },
    schema: {
      tags,
      summary: 'My reviews, newest first, approved or not',
      querystring: ReviewPageQuery,
      response: { 200: ref(ReviewInProcessList), ...problems(401, 422) },
    },
    handler: (request) => reviews.listMine(userOf(request), request.query),
  })

  app.get('/:id', {
    config: { access: 'anyone', reach: 'any' },
    schema: {
      tags,
      summary: 'A review',
      description: 'One that is not approved is not found, except by its author and by moderators.',
      params: IdParams,
      response: { 200: ref(Review), ...problems(401, 404, 422) },
    },
    handler: (request) => reviews.get(request.actor, request.params.id),
  })
}

const writing: Plugin = async (app, { reviews }) => {
  app.post('', {
    config: { access: 'user', catalogue: 'touch', reach: 'any' },
    schema: {
      tags,
      summary: 'Review a movie, once',
      body: ref(ReviewCreate),
      response: { 201: ref(ReviewInProcess), ...problems(400, 401, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await reviews.create(userOf(request), request.body)),
  })

  for (const method of ['PUT', 'PATCH'])
    app.route({
      method,
      url: '/:id',
      config: { access: 'user', catalogue: 'touch', reach: 'own or reviews.edit' },
      schema: {
        tags,
        summary: 'Change a review; what is left out stays',
        description: 'By its author, or an admin. Where reviews are moderated, the author’s change waits for approval again.',
        params: IdParams,
        body: ref(ReviewUpdate),
        response: { 200: ref(ReviewInProcess), ...problems(400, 401, 403, 404, 422) },
      },
      handler: (request) => reviews.update(userOf(request), request.params.id, request.body),
    })

  app.delete('/:id', {
    config: { access: 'user', catalogue: 'touch', reach: 'own or reviews.delete' },
    schema: {
      tags,
      summary: 'Delete a review: its author, a moderator or an admin',
      params: IdParams,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 422) },
    },
    handler: async (request, reply) => {
      await reviews.remove(userOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  })
}

const voting: Plugin = async (app, { reviews }) => {
  const answers = { response: { 200: ref(Review), ...problems(400, 401, 403, 404, 422) } }

  app.post('/:id/vote', {
    config: { access: 'user', reach: 'any' },
    schema: {
      tags,
      summary: 'Say whether a review helped; the last word counts',
      params: IdParams,
      body: ref(ReviewVote),
      ...answers,
    },
    handler: (request) => reviews.vote(userOf(request), request.params.id, request.body),
  })

  app.delete('/:id/vote', {
    config: { access: 'user', reach: 'any' },
    schema: { tags, summary: 'Take my vote back', params: IdParams, ...answers },
    handler: (request) => reviews.takeVoteBack(userOf(request), request.params.id),
  })
}

const moderating: Plugin = async (app, { reviews }) => {
  app.get('/pending', {
    config: { access: 'reviews.moderate' },
    schema: {
      tags,
      summary: 'Reviews that wait for approval, the longest wait first',
      querystring: ReviewPageQuery,
      response: { 200: ref(ReviewInProcessList), ...problems(401, 403, 422) },
    },
    handler: (request) => reviews.listWaiting(request.query),
  })

  app.patch('/:id/moderate', {
    config: { access: 'reviews.moderate', catalogue: 'touch' },
    schema: {
      tags,
      summary: 'Approve or reject a review',
      params: IdParams,
      body: ref(ReviewModeration),
      response: { 200: ref(ReviewInProcess), ...problems(400, 401, 403, 404, 409, 422) },
    },
    handler: (request) => reviews.moderate(userOf(request), request.params.id, request.body),
  })
}

export const reviewsRouter: Plugin = async (app, { reviews }) => {
  for (const part of [reading, writing, voting, moderating]) await app.register(part, { reviews })
}
