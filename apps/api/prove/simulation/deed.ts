import fc from 'fast-check'

import type { Reply } from '#testing/app.ts'
import type { Counters } from '../lib/counters.ts'
import { compare } from './compare.ts'
import type { Model } from './model.ts'
import type { World } from './world.ts'

export type SceneOf<M, W> = { model: M; world: W }
export type Scene = SceneOf<Model, World>

/** Something that people, the provider or time do. It says before what the answer must be, and changes the model. */
export type DeedOf<M, W, A> = {
  name: string
  args: { [K in keyof A]: fc.Arbitrary<A[K]> }
  /** Whether it makes sense now; when left out, always. */
  may?: (model: M, args: A) => boolean
  /** True when it was accepted. */
  run: (scene: SceneOf<M, W>, args: A) => Promise<boolean>
}
export type Deed<A> = DeedOf<Model, World, A>
type Counted = { counters: Counters }

const nameOf = ({ status, body }: Reply) => (status < 300 ? String(status) : `${status} ${String(body.code)}`)

/** Holds an answer against what the model allows. Returns whether it was accepted. */
export const judge = ({ world: { counters } }: { world: Counted }, reply: Reply, ...allowed: string[]): boolean => {
  const given = nameOf(reply)
  counters.add(given)
  if (!allowed.includes(given))
    throw new Error(`The model expects ${allowed.join(' or ')}, the answer was ${given}: ${JSON.stringify(reply.body)}`)
  return reply.status < 300
}

export const pick = <T>(things: T[], index: number): T => things[index % things.length] as T
/** The newest first, so that small numbers mean what is going on now. */
export const pickLatest = <T>(things: T[], index: number): T => things.at(-1 - (index % things.length)) as T

/** Makes deeds commands of fast-check: done, counted and compared with the world. */
export const createCommands =
  <M extends object, W extends Counted>(hold: (scene: SceneOf<M, W>) => Promise<void>) =>
  <A extends Record<string, unknown>>({ name, args: shapes, may = () => true, run }: DeedOf<M, W, A>) =>
    (fc.record(shapes) as fc.Arbitrary<A>).map((args): fc.AsyncCommand<M, W> => ({
      check: (model) => may(model, args),
      run: async (model, world) => {
        world.counters.add(`tried ${name}`)
        if (await run({ model, world }, args)) world.counters.add(`accepted ${name}`)
        await hold({ model, world })
      },
      toString: () => `${name}(${JSON.stringify(args)})`,
    }))

export const toCommand = createCommands<Model, World>(compare)
