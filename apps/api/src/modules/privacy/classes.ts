import { type RawBuilder, sql } from 'kysely'

/** Whose data it is. */
export type Person = { id: number; email: string; username: string }

/** `erase`: gone when the account is erased. `pseudonymise`: replaced by what leads to nobody. `keep`: stays, for a reason. */
export type Fate = 'erase' | 'pseudonymise' | 'keep'

export type PersonalColumn = {
  fate: Fate
  /** What stands there afterwards, in SQL; rows that go as a whole need none. */
  to?: string
  why: string
  /** Opens doors rather than tells of a person, so no export shows it. */
  isSecret?: true
}

export type PersonalTable = {
  /** Which rows are about a person. */
  mine: (person: Person) => RawBuilder<boolean>
  /** Whether a person's rows go as a whole. */
  rows: 'go' | 'stay'
  /** Until when without anybody asking. */
  until: string
  columns: Record<string, PersonalColumn>
  /** Columns that say nothing of anybody, or only together with the others. */
  plain: string
}

export const erase = (why: string, to?: string): PersonalColumn => ({ fate: 'erase', why, ...(to !== undefined && { to }) })
export const pseudonymise = (to: string, why: string): PersonalColumn => ({ fate: 'pseudonymise', to, why })
export const keep = (why: string): PersonalColumn => ({ fate: 'keep', why })
export const secret = (column: PersonalColumn): PersonalColumn => ({ ...column, isSecret: true })

/** Columns of every table that say nothing of anybody. */
export const PLAIN_EVERYWHERE = 'id created_at updated_at'

export const ofUser = ({ id }: Person) => sql<boolean>`user_id = ${id}`
export const ofOrder = ({ id }: Person) => sql<boolean>`order_id in (select id from orders where user_id = ${id})`
export const ofPayment = ({ id }: Person) => sql<boolean>`payment_id in (
  select p.id from payments p join orders o on o.id = p.order_id where o.user_id = ${id})`
export const ofTicket = ({ id }: Person) => sql<boolean>`ticket_id in (select id from tickets where user_id = ${id})`
/** As histories name who did something. */
export const actorOf = ({ id }: Person) => `u:${id}`
