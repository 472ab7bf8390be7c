import { invalid } from '#platform/errors.ts'
import { toMajor, toMinor } from '#platform/money.ts'
import { badPromotion } from './errors.ts'
import type { lockPromotion } from './repository.ts'
import type { PromotionUpdate } from './schemas.ts'

type Row = NonNullable<Awaited<ReturnType<typeof lockPromotion>>>
/** Everything about a promotion that staff decide, as it is kept. */
export type Drawn = Omit<Row, 'id' | 'created_at' | 'updated_at'>

/** What a promotion is when nothing else is said. */
export const BLANK: Omit<Drawn, 'kind' | 'name_uk' | 'name_ru' | 'name_en'> = {
  priority: 100,
  is_automatic: true,
  is_active: true,
  basis_points: 0,
  amount_minor: null,
  free_lines: null,
  group_lines: null,
  days_ahead: null,
  currency: null,
  starts_at: null,
  ends_at: null,
  first_day: null,
  last_day: null,
  weekdays: null,
  from_time: null,
  until_time: null,
  cinema_ids: null,
  movie_ids: null,
  ticket_types: null,
  seat_types: null,
  minimum_minor: null,
  minimum_lines: null,
  limit_total: null,
  limit_per_user: null,
  budget_minor: null,
}

/** Under which names the wire knows what is kept as it is. */
const SAME = [
  'priority',
  'is_active',
  'days_ahead',
  'currency',
  'first_day',
  'last_day',
  'weekdays',
  'from_time',
  'until_time',
  'cinema_ids',
  'movie_ids',
  'ticket_types',
  'seat_types',
  'limit_total',
  'limit_per_user',
] as const
const RENAMED = { free_tickets: 'free_lines', of_tickets: 'group_lines', minimum_tickets: 'minimum_lines' } as const
const MONEY = { amount: 'amount_minor', minimum_amount: 'minimum_minor', budget: 'budget_minor' } as const

const inMinor = (pointer: string, amount: number | null) => (amount === null ? null : toMinor(amount, pointer))
const inBasisPoints = (percent: number | null): number => {
  if (percent === null) return 0
  const basis_points = Math.round(percent * 100)
  if (toMajor(basis_points) !== percent)
    throw invalid('/percent', 'A percentage has at most two decimals.', 'promotions.too_precise')
  return basis_points
}
const moment = (text: string | null) => (text === null ? null : new Date(text))

const changesOf = (body: PromotionUpdate): Partial<Drawn> => {
  const has = (name: keyof PromotionUpdate) => body[name] !== undefined
  const { names, percent, codes, starts_at, ends_at } = body
  return {
    ...Object.fromEntries(SAME.filter(has).map((name) => [name, body[name]])),
    ...Object.fromEntries(
      Object.entries(RENAMED).flatMap(([name, kept]) => (has(name as never) ? [[kept, body[name as never]]] : [])),
    ),
    ...Object.fromEntries(
      Object.entries(MONEY).flatMap(([name, kept]) =>
        has(name as never) ? [[kept, inMinor(`/${name}`, body[name as never])]] : [],
      ),
    ),
    ...(names && { name_uk: names.uk, name_ru: names.ru, name_en: names.en }),
    ...(percent !== undefined && { basis_points: inBasisPoints(percent) }),
    ...(starts_at !== undefined && { starts_at: moment(starts_at) }),
    ...(ends_at !== undefined && { ends_at: moment(ends_at) }),
    ...(codes && { is_automatic: codes.length === 0 }),
  }
}

type Fault = [is: (drawn: Drawn) => boolean, pointer: string, detail: string]
const isUnless = (isKind: boolean, isSaid: boolean) => isKind !== isSaid

/** What the table would refuse, in words, and what it cannot know. */
const faults: Fault[] = [
  [
    ({ kind, amount_minor }) => isUnless(kind === 'fixed', amount_minor !== null),
    '/amount',
    'A fixed promotion, and no other, has an amount.',
  ],
  [
    ({ kind, basis_points }) => isUnless(kind !== 'fixed', basis_points > 0),
    '/percent',
    'Every promotion but a fixed one has a percentage.',
  ],
  [
    ({ kind, free_lines, group_lines }) =>
      isUnless(kind === 'cheapest', free_lines !== null) || isUnless(kind === 'cheapest', group_lines !== null),
    '/free_tickets',
    'free_tickets and of_tickets belong to the kind cheapest, and to no other.',
  ],
  [
    ({ free_lines, group_lines }) => (free_lines ?? 0) >= (group_lines ?? Infinity),
    '/free_tickets',
    'Fewer tickets are free than there are in a group.',
  ],
  [
    ({ kind, days_ahead }) => isUnless(kind === 'early_bird', days_ahead !== null),
    '/days_ahead',
    'An early bird, and no other, has days_ahead.',
  ],
  [
    ({ starts_at, ends_at }) => starts_at !== null && ends_at !== null && starts_at >= ends_at,
    '/ends_at',
    'It ends after it has begun.',
  ],
  [
    ({ first_day, last_day }) => first_day !== null && last_day !== null && first_day > last_day,
    '/last_day',
    'The last day is not before the first.',
  ],
  [
    ({ from_time, until_time }) => (from_time === null) !== (until_time === null),
    '/until_time',
    'from_time and until_time go together.',
  ],
]

/** The promotion as it would be with these changes; what does not fit together is refused by name. */
export const draw = (before: Drawn, body: PromotionUpdate, currency: string): Drawn => {
  const drawn = { ...before, ...changesOf(body) }
  const hasMoney = [drawn.amount_minor, drawn.minimum_minor, drawn.budget_minor].some((amount) => amount !== null)
  const whole = hasMoney && drawn.currency === null ? { ...drawn, currency } : drawn
  for (const [is, pointer, detail] of faults) if (is(whole)) throw badPromotion(pointer, detail)
  return whole
}
