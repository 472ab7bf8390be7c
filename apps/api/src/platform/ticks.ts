import { executionAsyncResource } from 'node:async_hooks'

let kept: object | undefined

/**
 * Node makes an object for each `process.nextTick`, of which a request has several, and V8 makes it quickly for as long as it
 * remembers that shape. A collection while none of them lives forgets it, and since three of its keys are symbols, V8
 * never learns it again: from then on each takes five times as long. So one of them is kept for as long as the process lives.
 */
export const keepTicksQuick = (): void => {
  process.nextTick(() => {
    kept ??= executionAsyncResource()
  })
}
