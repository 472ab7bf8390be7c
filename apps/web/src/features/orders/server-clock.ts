import { clockOffset } from './countdown.ts'

let offset_ms = 0

/** The last word of the server about the time; a phone's own clock may be hours off. */
export const heardServerTime = (server_time: string) => {
  offset_ms = clockOffset(server_time, Date.now())
}
export const serverOffset = () => offset_ms
