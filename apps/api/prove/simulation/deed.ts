import fc from 'fast-check'

import type { Reply } from '#testing/app.ts'
import { compare } from './compare.ts'
import type { Model } from './model.ts'
import type { World } from './world.ts'

export type Scene = { model: Model; world: World }

/** Something that people, the provider or time do. It says before what the answer must be, and changes the model. */
export type Deed<A> = {
  name: string
  args: { [K in keyof A]: fc.Arbitrary<A[K]> }
  /** Whether it makes sense now; when left out, always. */
  may?: (model: Model, args: A) => boolean
  /** True when it was accepted. */
  run: (scene: Scene, args: A) => Promise<boolean>
}

const nameOf = ({ status, body }: Reply) => (status < 300 ? String(status) : `${status} ${String(body.code)}`)

/** Holds an answer against what the model allows. Returns whether it was accepted. */
export const judge = ({ world: { counters } }: Scene, reply: Reply, ...allowed: string[]): boolean => {
  const given = nameOf(reply)
  counters.add(given)
  if (!allowed.includes(given))
    throw new Error(`The model expects ${allowed.join(' or ')}, the answer was ${given}: ${JSON.stringify(reply.body)}`)
  return reply.status < 300
}

export const pick = <T>(things: T[], index: number): T => things[index % things.length] as T
/** The newest first, so that small numbers mean what is going on now. */
export const pickLatest = <T>(things: T[], index: number): T => things.at(-1 - (index % things.length)) as T

/** Makes a deed a command of fast-check: done, counted and compared with the world. */
export const toCommand = <A extends Record<string, unknown>>({ name, args: shapes, may = () => true, run }: Deed<A>) =>
  (fc.record(shapes) as fc.Arbitrary<A>).map((args): fc.AsyncCommand<Model, World> => ({
    check: (model) => may(model, args),
    run: async (model, world) => {
      world.counters.add(`tried ${name}`)
      if (await run({ model, world }, args)) world.counters.add(`accepted ${name}`)
      await compare({ model, world })
    },
    toString: () => `${name}(${JSON.stringify(args)})`,
  }))
