import { setImmediate as turn } from 'node:timers/promises'

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'

import { etagOf, etagOfText } from './etag.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer is the same for everybody who asks the same, so those who ask at the same moment share one reading. */
    together?: true
  }
}

/**
 * Whoever asks while something is being read waits for the next reading, which begins after they have come: nobody is
 * told what was read before they asked. So the same thing is read by one at a time, for all who wait.
 */
export const createTogether = <T>() => {
  const waiting = new Map<string, Promise<T>>()
  const running = new Map<string, Promise<unknown>>()

  const begin = async (key: string, read: () => Promise<T>): Promise<T> => {
    await running.get(key)
    // Who has come in this turn of the loop joins as well.
    await turn()
    waiting.delete(key)
    const reading = read()
    const over = reading.then(
      () => undefined,
      () => undefined,
    )
    running.set(key, over)
    void over.then(() => running.get(key) === over && running.delete(key))
    return reading
  }

  return (key: string, read: () => Promise<T>): Promise<T> => {
    const joined = waiting.get(key) ?? begin(key, read)
    waiting.set(key, joined)
    return joined
  }
}

type Answer = { bytes: Buffer; etag: string | undefined }

/** One who asks is not spoken to alone: the handler of such a route takes no reply. */
const requireOpen = ({ url, method, config, handler }: RouteOptions) => {
  if (['GET', 'HEAD'].includes(String(method)) && config?.access === 'public' && handler.length < 2) return
  throw new Error(`${url} shares answers that are not for everybody.`)
}

/** What was asked, whatever way the address says it: numbers and defaults are as the validator read them. */
const questionOf = ({ params, query }: FastifyRequest): string => JSON.stringify([params, query])

/** What can be edited has the tag that `If-Match` is held against; a list has that of its words, which are here already. */
const tagFor = ({ url, config }: RouteOptions, found: unknown, bytes: Buffer): string | undefined => {
  if (config?.catalogue !== 'read') return undefined
  return url.endsWith('/:id') ? etagOf(found) : etagOfText(bytes)
}

/** Lets routes that say `together` answer all who wait with one reading, put into words once. */
export const shareReadings = (app: FastifyInstance) => {
  app.addHook('onRoute', (route) => {
    const { handler, config } = route
    if (!config?.together) return
    requireOpen(route)
    const together = createTogether<Answer>()
    route.handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const { bytes, etag } = await together(questionOf(request), async () => {
        const found: unknown = await handler.call(app, request, reply)
        const written = Buffer.from(reply.serialize(found) as string)
        return { bytes: written, etag: tagFor(route, found, written) }
      })
      if (etag) reply.header('etag', etag)
      return reply.type('application/json; charset=utf-8').send(bytes)
    }
  })
}
