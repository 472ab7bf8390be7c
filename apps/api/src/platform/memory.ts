import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (how: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

/** Late enough for the first answers, whom the collection would keep waiting for a tenth of a second. */
const AFTER_MS = 1_500

/**
 * Starting leaves garbage worth half of what lives, and room for more of it: a server that then has little to do keeps both
 * for long. An ordinary collection frees the objects and keeps the room; the last resort gives that back, too. It would also
 * leave new objects so little that they are collected four times as often: `npm start` sets them a least size.
 */
export const giveBackStartMemory = (): void => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
  setTimeout(() => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }), AFTER_MS).unref()
}
