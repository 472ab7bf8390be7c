import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { type Cost, costBetween, snapshot } from '../cpu.ts'
import type { HowLong, ReaderOrder, ReaderReport } from './reader.ts'

const READER = fileURLToPath(new URL('reader.ts', import.meta.url))

export type Target = { host: string; port: number; pid: number }
/** `requests` are asked in turn, again and again from the start; a scene that may not repeat itself brings enough of them. */
export type Scene = {
  target: Target
  requests: string[]
  wanted: number
  clients: number
  /** Whatever comes from the catalogue's cache is unexpected. */
  fresh?: boolean
  /** As many as are measured in each round; as many as the window takes when undefined. */
  count?: number
}
export type Read = Cost & { done: number; p50_ms: number; p99_ms: number; unexpected: number }

const WARM = 60
/** Before a scene that may not repeat itself. */
export const WARM_COUNTED = 25
/** The first time anything else is asked, so that its code is compiled before a window. */
const FIRST_SECONDS = 3

export const startReader = async (postmaster: number | undefined) => {
  const child = fork(READER)
  let fail: (error: Error) => void = () => undefined
  let hear: (report: ReaderReport) => void = () => undefined
  child.on('exit', () => fail(new Error('The reading process has ended.')))
  child.on('message', (report: ReaderReport) => hear(report))
  const ask = (order: ReaderOrder) =>
    new Promise<ReaderReport>((resolve, reject) => {
      hear = resolve
      fail = reject
      child.send(order)
    })
  const known = new Map<string, Scene>()

  const warmed = new Set<string>()

  const runPart = (name: string, { target, clients, fresh = false }: Scene, howLong: HowLong) =>
    ask({ kind: 'run', list: name, host: target.host, port: target.port, clients, fresh, ...howLong })

  const warmUp = async (name: string, scene: Scene) => {
    if (scene.count !== undefined) return runPart(name, scene, { count: WARM_COUNTED })
    const isFirst = !warmed.has(name)
    warmed.add(name)
    return runPart(name, scene, isFirst ? { seconds: FIRST_SECONDS } : { count: WARM })
  }

  return {
    add: async (name: string, scene: Scene) => {
      known.set(name, scene)
      await ask({ kind: 'list', name, requests: scene.requests })
    },
    /** Each request once, before anything is measured: every token is then known, and every statement prepared. */
    greet: async (name: string, count: number) => {
      const scene = known.get(name)
      if (scene) await runPart(name, scene, { count })
    },
    run: async (name: string, window_seconds: number): Promise<Read> => {
      const scene = known.get(name)
      if (!scene) throw new Error(`There is no scene ${name}.`)
      const watched = { postmaster, api: scene.target.pid, client: child.pid }
      const warm = await warmUp(name, scene)
      const from = snapshot(watched)
      const { count } = scene
      const report = await runPart(name, scene, count === undefined ? { seconds: window_seconds } : { count })
      const to = snapshot(watched)
      const done = report.statuses[scene.wanted] ?? 0
      return {
        ...costBetween(from, to, done),
        done,
        rate: done / report.seconds,
        p50_ms: report.p50_ms,
        p99_ms: report.p99_ms,
        unexpected: total(report) + total(warm) - done - (warm.statuses[scene.wanted] ?? 0),
      }
    },
    close: () => {
      fail = () => undefined
      child.disconnect()
      child.kill()
    },
  }
}
export type Reader = Awaited<ReturnType<typeof startReader>>

const total = ({ statuses }: ReaderReport) => Object.values(statuses).reduce((sum, count) => sum + count, 0)
