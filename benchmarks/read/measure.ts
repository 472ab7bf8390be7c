import type { Options, Question } from '../options.ts'
import { connect, type Server } from '../postgres.ts'
import { runRounds, takingTurns } from '../rounds.ts'
import { keptScale, makeScale, type Made } from '../scale/make.ts'
import { shortSize, SMALLEST } from '../scale/shape.ts'
import { checkInvariants, type Check } from '../verify.ts'
import { createSigner, startApi } from '../web.ts'
import { fetchAnswer } from './answers.ts'
import { catalogueFamilies } from './catalogue.ts'
import { readCacheLookups } from './lookups.ts'
import { readPeer } from './peer.ts'
import { raw, readRequests, type Requests } from './requests.ts'
import { type Read, type Reader, type Scene, startReader, type Target, WARM_COUNTED } from './scenes.ts'
import { startAccess, startBare } from './servers.ts'
import { measureStarts, type Starts } from './starts.ts'

export const READ_QUESTIONS: Question[] = ['Q-44', 'Q-45', 'Q-46', 'Q-49', 'lists', 'Q-51']
/** What is asked of both sizes. */
export const SCALED = ['booking', 'seat map', 'my tickets', 'check-in', 'search'] as const

/** Few enough that what is measured is the work, not the queue before it. */
const SCALED_CLIENTS = 2
const SCALED_COUNT = 150
const SIGNED_TOKENS = 200
/** Of each scene of Q-45 in each round; together they last as long as another scene's window. */
const TURNS = 6

export type ReadResults = Map<string, Read[]>
export type Reads = {
  results: ReadResults
  sizes: { small: Made; large: Made } | undefined
  starts: Starts[]
  notes: string[]
  checks: Check[]
}

type Side = { made: Made; target: Target; requests: Requests; close: () => Promise<void> }
type Setting = { server: Server; directory: string; options: Options; say: (line: string) => void }

const askedFor = ({ rounds }: Options) => rounds * (SCALED_COUNT + WARM_COUNTED)

type Wanted = { tickets: number; bookings: number; kept?: string | undefined }

const startSide = async ({ server, directory, options, say }: Setting, { tickets, bookings, kept }: Wanted): Promise<Side> => {
  say(`Making ${shortSize(tickets)} tickets`)
  const made = kept === undefined ? await makeScale(server, tickets, () => undefined) : keptScale(kept, tickets)
  say(kept === undefined ? `  in ${made.seconds.toFixed(0)} s` : '  made before')
  const requests = await readRequests({ url: made.url, sign: createSigner(directory), bookings, check_ins: askedFor(options) })
  const { pool_size, profile } = options
  const api = await startApi({ database_url: made.url, pool_size, directory, profile })
  return { made, target: api, requests, close: api.close }
}

/** `turns` are of the scenes that are measured by turns, several times in a round. */
type Stage = Setting & { reader: Reader; large: Side; scenes: string[]; turns: string[]; notes: string[] }

const addAll = async ({ reader, scenes }: Stage, added: Record<string, Scene>) => {
  for (const [name, scene] of Object.entries(added)) {
    await reader.add(name, scene)
    scenes.push(name)
  }
}

const addFamilies = async (stage: Stage, families: Record<string, Scene>[]) => {
  for (const [name, scene] of families.flatMap((family) => Object.entries(family))) await stage.reader.add(name, scene)
  stage.turns.push(...takingTurns(families.map(Object.keys), TURNS))
}

const scaled = async (stage: Stage, small: Side) => {
  const { reader, large } = stage
  for (const name of SCALED)
    for (const [size, { target, requests }] of [
      ['small', small],
      ['large', large],
    ] as const) {
      const scene = { target, clients: SCALED_CLIENTS, wanted: name === 'booking' ? 201 : 200, count: SCALED_COUNT }
      await addAll(stage, { [`${name}, ${size}`]: { ...scene, requests: requests[name] } })
    }
  for (const [size, { target, requests }] of [
    ['small', small],
    ['large', large],
  ] as const) {
    await reader.add(`greeting, ${size}`, { target, requests: requests.greeting, wanted: 200, clients: SCALED_CLIENTS })
    await reader.greet(`greeting, ${size}`, requests.greeting.length)
    await reader.greet(`my tickets, ${size}`, requests['my tickets'].length)
  }
}

const cached = async (stage: Stage): Promise<() => Promise<void>> => {
  const { large, directory, options, notes } = stage
  const { clients, pool_size, profile } = options
  const list = await fetchAnswer(large.target, '/api/v1/movies')
  const detail = await fetchAnswer(large.target, '/api/v1/movies/1')
  const bare = await startBare(directory, large.made.url, { list, detail })
  const keeper = await startApi({ database_url: large.made.url, pool_size, directory, profile })
  await addFamilies(stage, catalogueFamilies({ bare, keeper, api: large.target, clients }))
  notes.push(`A movie list is ${list.body.length} bytes, a movie ${detail.body.length}.`)
  return async () => {
    bare.close()
    await keeper.close()
  }
}

const signed = async (stage: Stage): Promise<() => Promise<void>> => {
  const { large, directory, options } = stage
  const access = await startAccess(directory, large.made.url)
  const sign = createSigner(directory)
  const tokens = await Promise.all(Array.from({ length: SIGNED_TOKENS }, (_, index) => sign(index + 1, 'customer')))
  const many = { target: access, clients: options.clients, wanted: 200 }
  await addAll(stage, {
    'session, anonymous': { ...many, requests: tokens.map((_, index) => raw(`/public/${index + 1}`)) },
    'session, signed in': { ...many, requests: tokens.map((token, index) => raw(`/signed/${index + 1}`, { token })) },
  })
  return async () => access.close()
}

const lists = async (stage: Stage) => {
  const { large, options, notes } = stage
  const { target, requests } = large
  const many = { target, clients: options.clients, wanted: 200 }
  await addAll(stage, {
    'sessions of a cinema’s day': { ...many, requests: requests.sessions },
    'the next sessions of all': { ...many, requests: requests['all sessions'] },
  })
  const authorization = /Authorization: (.*)/.exec(requests.statistics[0] ?? '')?.[1] ?? ''
  const answer = await fetch(`http://${target.host}:${target.port}/api/v1/tickets/statistics`, { headers: { authorization } })
  if (answer.ok) await addAll(stage, { 'ticket statistics': { ...many, clients: 1, requests: requests.statistics } })
  else notes.push('Ticket statistics: the route is not there yet.')
}

const peers = async (stage: Stage) => {
  const { large, options, notes } = stage
  const [url, file] = [process.env['PEER_URL'], process.env['PEER_MAP']]
  if (!url || !file) {
    notes.push('Q-51 is skipped: no PEER_URL and PEER_MAP.')
    return
  }
  const { target, requests } = large
  const many = { target, clients: options.clients }
  const ours: Record<string, Scene> = {
    booking: { ...many, requests: requests.booking, wanted: 201, count: SCALED_COUNT },
    'movie list': { ...many, requests: [raw('/api/v1/movies')], wanted: 200 },
    'session list': { ...many, requests: requests.sessions, wanted: 200 },
    'seat map': { ...many, requests: requests['seat map'], wanted: 200 },
  }
  for (const [name, theirs] of readPeer(url, file, options.clients)) {
    const own = ours[name]
    if (own) await addAll(stage, { [`${name}, ours`]: own, [`${name}, peer`]: theirs })
  }
}

const nothing = async () => undefined

const measure = async (stage: Stage, small: Side | undefined): Promise<ReadResults> => {
  const { options, reader, scenes, turns, notes, large, say } = stage
  const asks = (question: Question) => options.questions.includes(question)
  const closing: (() => Promise<unknown>)[] = []
  if (small) await scaled(stage, small)
  closing.push(asks('Q-45') ? await cached(stage) : nothing, asks('Q-46') ? await signed(stage) : nothing)
  if (asks('lists')) await lists(stage)
  if (asks('Q-51')) await peers(stage)
  const before = await readCacheLookups(large.target)
  try {
    return await runRounds([...scenes, ...turns], options.rounds, async (name, round) => {
      const read = await reader.run(name, options.read_seconds / (turns.includes(name) ? TURNS : 1))
      say(`Round ${round + 1}  ${name.padEnd(28)} ${read.rate.toFixed(0).padStart(6)}/s  p50 ${read.p50_ms.toFixed(2)} ms`)
      return read
    })
  } finally {
    if (asks('Q-45')) {
      const after = await readCacheLookups(large.target)
      const hits = after.hit - before.hit
      notes.push(
        hits > 0
          ? `The catalogue's cache gave ${hits} answers, and ${after.miss - before.miss} were read.`
          : 'Nothing was kept: the movie routes do not say `catalogue: read`, so "kept" is read as well.',
      )
    }
    for (const close of closing) await close()
  }
}

const freshDatabase = async (server: Server): Promise<string> => {
  const { url } = await server.createDatabase('start')
  await (await connect(url)).end()
  return url
}

/** Everything that is about reading, on databases of its own; checked like the bookings' when it is over. */
export const measureReads = async (setting: Setting): Promise<Reads | undefined> => {
  const { server, directory, options, say } = setting
  const asked = READ_QUESTIONS.filter((name) => options.questions.includes(name))
  if (asked.length === 0) return undefined
  const starts = asked.includes('Q-49')
    ? await measureStarts(await freshDatabase(server), options.quick ? 1 : options.rounds)
    : []
  const empty = { results: new Map<string, Read[]>(), sizes: undefined, starts, notes: [], checks: [] }
  if (asked.every((name) => name === 'Q-49')) return empty
  const bookings = askedFor(options)
  const small = asked.includes('Q-44') ? await startSide(setting, { tickets: SMALLEST, bookings }) : undefined
  const large = await startSide(setting, { tickets: options.scale, bookings: bookings * 2, kept: options.kept })
  const reader = await startReader(server.postmaster)
  const notes: string[] = []
  try {
    const results = await measure({ ...setting, reader, large, scenes: [], turns: [], notes }, small)
    const sides = [small, large].filter((side) => side !== undefined)
    const checks = sides.map(({ made }) => {
      say(`Looking at ${made.name}`)
      const check = checkInvariants(made.url, directory)
      return { ...check, name: `${check.name}, ${shortSize(made.tickets)} tickets` }
    })
    return { results, sizes: small && { small: small.made, large: large.made }, starts, notes, checks }
  } finally {
    reader.close()
    await small?.close()
    await large.close()
  }
}
