import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { matchOf } from '#platform/http/etag.ts'
import { IdParams, problems, ref } from '#platform/http/schemas.ts'
import { GenreMoviesQuery, Movie, MovieCreate, MovieList, MovieQuery, MovieUpdate } from './schemas.ts'
import type { MoviesService } from './service.ts'

const tags = ['movies']

type Plugin = FastifyPluginAsyncTypebox<{ movies: MoviesService }>

const reading: Plugin = async (app, { movies }) => {
  app.get('', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: 'Find movies',
      description: 'Lists the active movies, or with `is_active=false` the others. Filters narrow each other.',
      querystring: MovieQuery,
      response: { 200: ref(MovieList), ...problems(422) },
    },
    handler: (request) => movies.list(request.query),
  })

  app.get('/:id', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: 'Show a movie',
      description: 'Also one that is not active any more: old tickets lead to it.',
      params: IdParams,
      response: { 200: ref(Movie), ...problems(404, 422) },
    },
    handler: (request) => movies.get(request.params.id),
  })
}

const writing: Plugin = async (app, { movies }) => {
  app.post('', {
    config: { access: 'catalogue.write', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Add a movie',
      description: 'People who are not known yet are added with it; genres and certifications must exist.',
      body: ref(MovieCreate),
      response: { 201: ref(Movie), ...problems(400, 401, 403, 409, 422) },
    },
    handler: async (request, reply) => reply.code(201).send(await movies.create(request.body)),
  })

  for (const method of ['PUT', 'PATCH'])
    app.route({
      method,
      url: '/:id',
      config: { access: 'catalogue.write', catalogue: 'write' },
      schema: {
        tags,
        summary: 'Change a movie; what is left out stays',
        description: 'A list of genres or people that is given replaces the old one.',
        params: IdParams,
        body: ref(MovieUpdate),
        response: { 200: ref(Movie), ...problems(400, 401, 403, 404, 409, 422) },
      },
      handler: (request) => movies.update(request.params.id, request.body, matchOf(request)),
    })

  app.delete('/:id', {
    config: { access: 'movies.delete', catalogue: 'write' },
    schema: {
      tags,
      summary: 'Delete a movie, or take it off the screen for ever',
      description:
        '204: it is gone. 200: it has been shown, ordered or reviewed, so it stays for its history with `is_active` false. ' +
        '409 while sessions are to come or under way, or when somebody has bought it.',
      params: IdParams,
      response: { 200: ref(Movie), 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request, reply) => {
      const kept = await movies.remove(request.params.id, matchOf(request))
      return kept ? reply.code(200).send(kept) : reply.code(204).send(null)
    },
  })
}

export const moviesRouter: Plugin = async (app, { movies }) => {
  await app.register(reading, { movies })
  await app.register(writing, { movies })
}

/** Stands under /genres and lists movies, so it lives here: genres know no movies. */
export const genreMoviesRouter: FastifyPluginAsyncTypebox<{ movies: MoviesService }> = async (app, { movies }) => {
  app.get('/:id/movies', {
    config: { access: 'public', catalogue: 'read', together: true },
    schema: {
      tags,
      summary: 'List the movies of a genre',
      params: IdParams,
      querystring: GenreMoviesQuery,
      response: { 200: ref(MovieList), ...problems(404, 422) },
    },
    handler: (request) => movies.listOfGenre(request.params.id, request.query),
  })
}
