import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const AFTER_MS = 5_000

/**
 * Starting leaves garbage worth more than all that lives, and a server that then has little to do keeps it for long. One
 * collection gives it back.
 */
export const giveBackStartMemory = (): void => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  setTimeout(collect, AFTER_MS).unref()
}
