import type { LiveMessage, LiveSeat, SeatState } from '@marquee/contract/realtime'

import type { LiveRow } from './live.statement.ts'

/** Many changes of one moment are one look. */
const GAP_MS = 25
const RETRY_MS = 1_000

export type Channel<W> = ReturnType<typeof createChannel<W>>
type Setting<W> = {
  read: () => Promise<LiveRow | undefined>
  /** The ids of the hall's seats. */
  seatsOf: (row: LiveRow) => Promise<number[]>
  send: (watchers: Iterable<W>, message: LiveMessage) => void
  /** There is no such session, or not any more. */
  refuse: (watchers: W[]) => void
  failed: (error: unknown) => void
  refreshMs: number
}

type Told = { row: LiveRow; states: Map<number, SeatState> }

const isSamePlan = (one: LiveRow, other: LiveRow) => one.hall_id === other.hall_id && one.plan_version === other.plan_version
const isSameSession = (one: LiveRow, other: LiveRow) =>
  one.status === other.status &&
  one.hall_id === other.hall_id &&
  one.prices === other.prices &&
  one.start_time.getTime() === other.start_time.getTime()

/**
 * The map of one session for all who watch it in this process. However many they are, one query looks at the claims; what
 * differs from what was told before is told to all. Looks follow each other and never overlap, so that nothing old is told
 * after something new.
 */
export const createChannel = <W>({ read, seatsOf, send, refuse, failed, refreshMs }: Setting<W>) => {
  const members = new Set<W>()
  /** Those who have been told the map. */
  const watchers = new Set<W>()
  let joining: W[] = []
  let told: Told | undefined
  let version = 1
  let isLooking = false
  let isDirty = false
  let isClosed = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const snapshot = ({ row, states }: Told): LiveMessage => {
    return { type: 'snapshot', version, server_time: row.server_time.toISOString(), seats: [...states] }
  }

  const tellChanges = (before: Told, now: Told, newcomers: W[]) => {
    const seats: LiveSeat[] = [...now.states].filter(([id, state]) => before.states.get(id) !== state)
    const isRedrawn = !isSamePlan(before.row, now.row)
    if (seats.length > 0 || isRedrawn) version += 1
    if (!isSameSession(before.row, now.row)) send(watchers, { type: 'session', status: now.row.status })
    if (isRedrawn) send(watchers, snapshot(now))
    else if (seats.length > 0) send(watchers, { type: 'delta', version, seats })
    if (newcomers.length > 0) send(newcomers, snapshot(now))
  }

  const tell = (now: Told, newcomers: W[]) => {
    if (told) tellChanges(told, now, newcomers)
    else send(newcomers, snapshot(now))
    if (now.row.status !== 'scheduled') send(newcomers, { type: 'session', status: now.row.status })
    for (const one of newcomers) watchers.add(one)
    told = now
  }

  /** Returns after how many milliseconds the next look is due. */
  const look = async (newcomers: W[]): Promise<number> => {
    const row = await read()
    if (isClosed) return refreshMs
    if (!row) {
      refuse([...watchers, ...newcomers])
      return refreshMs
    }
    const ids = told && isSamePlan(told.row, row) ? [...told.states.keys()] : await seatsOf(row)
    const states = new Map<number, SeatState>(ids.map((id) => [id, row.states[id] ?? 'free']))
    tell(
      { row, states },
      newcomers.filter((one) => members.has(one)),
    )
    // Not all at the same moment: those who came together would look together for ever.
    const usual = refreshMs * (0.75 + Math.random() * 0.25)
    return Math.min(usual, Math.ceil(row.next_ms ?? usual) + 1)
  }

  const turn = async () => {
    clearTimeout(timer)
    isLooking = true
    isDirty = false
    lookedAt = performance.now()
    const newcomers = joining
    joining = []
    let due: number
    try {
      due = await look(newcomers)
    } catch (error) {
      joining.unshift(...newcomers)
      due = RETRY_MS
      failed(error)
    }
    isLooking = false
    if (isClosed) return
    if (isDirty) lookSoon()
    else timer = setTimeout(() => void turn(), due).unref()
  }

  const lookSoon = () => {
    clearTimeout(timer)
    const wait = lookedAt + GAP_MS - performance.now()
    if (wait <= 0) void turn()
    else timer = setTimeout(() => void turn(), wait).unref()
  }

  const flag = () => {
    isDirty = true
    if (!isLooking && !isClosed) lookSoon()
  }

  return {
    flag,
    /** Told everything by the next look. */
    join: (watcher: W) => {
      members.add(watcher)
      joining.push(watcher)
      flag()
    },
    leave: (watcher: W) => {
      members.delete(watcher)
      watchers.delete(watcher)
      joining = joining.filter((one) => one !== watcher)
    },
    isEmpty: () => members.size === 0,
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
