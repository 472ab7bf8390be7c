import type pg from 'pg'

import { connect } from '../postgres.ts'

export type Task = { name: string; run: (client: pg.Client) => Promise<unknown> }
export type Timed = { step: string; seconds: number }

/** Luck is a function of its connection; a scan that joined another one midway would not go by number. */
const prepared = async (url: string, settings: string[]): Promise<pg.Client> => {
  const client = await connect(url)
  for (const text of settings) await client.query(text)
  return client
}

/** Connections that take tasks from one list, each the next when it has done its last. */
export const openLanes = async (url: string, count: number, settings: string[]) => {
  const clients = await Promise.all(Array.from({ length: count }, () => prepared(url, settings)))

  const run = async (tasks: Task[]): Promise<Timed[]> => {
    const waiting = [...tasks]
    const timed: Timed[] = []
    const work = async (client: pg.Client) => {
      for (let task = waiting.shift(); task; task = waiting.shift()) {
        const started = performance.now()
        await task.run(client)
        timed.push({ step: task.name, seconds: (performance.now() - started) / 1000 })
      }
    }
    await Promise.all(clients.map((client) => work(client)))
    return timed
  }

  return { run, close: async () => void (await Promise.all(clients.map((client) => client.end()))) }
}
export type Lanes = Awaited<ReturnType<typeof openLanes>>
