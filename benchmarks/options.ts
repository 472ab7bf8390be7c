import { parseArgs } from 'node:util'

import { readSize } from './scale/shape.ts'

export const QUESTIONS = [
  'Q-40',
  'Q-41',
  'Q-42',
  'Q-43',
  'parts',
  'keys',
  'Q-44',
  'Q-45',
  'Q-46',
  'Q-48',
  'Q-49',
  'lists',
  'Q-51',
] as const
export type Question = (typeof QUESTIONS)[number]

export type Options = {
  quick: boolean
  questions: Question[]
  rounds: number
  warm_seconds: number
  window_seconds: number
  clients: number
  /** The API's own default when undefined. */
  pool_size: number | undefined
  seats: number
  database_url: string | undefined
  profile: string | undefined
  write: boolean
  /** How many tickets the large database of the reading scenes has. */
  scale: number
  /** A database of that size which `bench:scale --keep` has left: it is used, and not made anew. */
  kept: string | undefined
  read_seconds: number
}

const definitions = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  clients: { type: 'string', default: '16' },
  pool: { type: 'string' },
  seats: { type: 'string', default: '1' },
  profile: { type: 'string' },
  write: { type: 'boolean', default: false },
  scale: { type: 'string' },
  kept: { type: 'string' },
} as const

const whole = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`--${name} must be a whole number from 1 to ${most}.`)
  return value
}

const readQuestions = (only: string[] | undefined, quick: boolean): Question[] => {
  const chosen = only?.flatMap((list) => list.split(','))
  const unknown = chosen?.find((name) => !(QUESTIONS as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Error(`--only ${unknown} is unknown; there are ${QUESTIONS.join(', ')}.`)
  if (chosen) return chosen as Question[]
  return quick ? QUESTIONS.filter((name) => name !== 'keys') : [...QUESTIONS]
}

/** A quick run shows that everything works; its figures are not worth keeping, so it writes no results. */
export const readOptions = (args: string[], env: NodeJS.ProcessEnv): Options => {
  const { values } = parseArgs({ args, options: definitions })
  const { quick } = values
  const seats = whole('seats', values.seats, 10)
  if (20 % seats !== 0) throw new Error('--seats must be 1, 2, 4, 5 or 10: a booking takes neighbours of one row of 20.')
  return {
    quick,
    questions: readQuestions(values.only, quick),
    rounds: whole('rounds', values.rounds ?? '5', 99),
    warm_seconds: quick ? 1 : 2,
    window_seconds: whole('seconds', values.seconds ?? (quick ? '1' : '8'), 15),
    clients: whole('clients', values.clients, 150),
    pool_size: values.pool === undefined ? undefined : whole('pool', values.pool, 150),
    seats,
    database_url: env['DATABASE_URL'],
    profile: values.profile,
    scale: readSize(values.scale ?? (quick ? '1e5' : '1e6')),
    kept: values.kept,
    read_seconds: quick ? 0.5 : 2,
    write: values.write || (!quick && values.only === undefined),
  }
}
