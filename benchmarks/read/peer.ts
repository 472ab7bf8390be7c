import { readFileSync } from 'node:fs'

import { raw } from './requests.ts'
import type { Scene, Target } from './scenes.ts'

export const PEER_SCENES = ['booking', 'movie list', 'session list', 'seat map'] as const
export type PeerScene = (typeof PEER_SCENES)[number]

type Asked = {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: unknown
  /** What an answer that counts says; 200 when left out. */
  status?: number
  /** In turn for `{name}` in the path, the headers and the body; those of one scene advance together. */
  values?: Record<string, (string | number)[]>
}
type Mapping = Partial<Record<PeerScene, Asked>>

const PLACE = /"?\{(\w+)\}"?/g

/** A lone placeholder in quotes takes the value as it is, so that a number stays one; inside a text it is written into it. */
const fill = (text: string, values: Record<string, string | number>) =>
  text.replaceAll(PLACE, (found, name: string) => {
    const value = values[name]
    if (value === undefined) return found
    return found.startsWith('"') && found.endsWith('"') ? JSON.stringify(value) : found.replace(`{${name}}`, String(value))
  })

const requestsOf = ({ method = 'GET', path, headers = {}, body, values = {} }: Asked): string[] => {
  const turns = Math.max(1, ...Object.values(values).map((list) => list.length))
  return Array.from({ length: turns }, (_, turn) => {
    const now = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list[turn % list.length] ?? '']))
    const heads = JSON.parse(fill(JSON.stringify(headers), now)) as Record<string, string>
    const filled: unknown = body === undefined ? undefined : JSON.parse(fill(JSON.stringify(body), now))
    return raw(fill(path, now), { method, headers: heads, body: filled })
  })
}

/** Another server on this machine, and how it is asked for the same; see `peer.example.json`. */
export const readPeer = (url: string, file: string, clients: number) => {
  const { hostname, port, protocol } = new URL(url)
  if (protocol !== 'http:') throw new Error('PEER_URL must begin with http://.')
  const mapping = JSON.parse(readFileSync(file, 'utf8')) as Mapping
  const target: Target = { host: hostname, port: Number(port || 80), pid: 0 }
  return PEER_SCENES.flatMap((name) => {
    const asked = mapping[name]
    if (!asked) return []
    const requests = requestsOf(asked)
    const scene: Scene = { target, requests, wanted: asked.status ?? 200, clients }
    // A seat can be booked once.
    return [
      [name, requests.length > 1 && name === 'booking' ? { ...scene, count: Math.floor(requests.length / 6) } : scene] as const,
    ]
  })
}
