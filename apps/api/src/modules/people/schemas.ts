import { type Static, Type } from 'typebox'

import { cursorListOf, cursorQuery } from '#platform/http/cursor.ts'
import { Id, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

export const PersonName = Type.String({ maxLength: 200, pattern: '\\S', examples: ['Kira Muratova'] })

export const PersonCreate = shape('PersonCreate', { name: PersonName })
export type PersonCreate = Static<typeof PersonCreate>

export const PersonUpdate = shape('PersonUpdate', { name: Type.Optional(PersonName) })
export type PersonUpdate = Static<typeof PersonUpdate>

/** A director or a star as their movies show them. */
export const PersonSummary = shape('PersonSummary', { id: Id, name: PersonName })
export type PersonSummary = Static<typeof PersonSummary>

export const Person = shape('Person', { id: Id, name: PersonName, created_at: Timestamp, updated_at: Timestamp })
export type Person = Static<typeof Person>

export const PersonList = cursorListOf('PersonList', ref(Person))

export const PersonQuery = Type.Object(
  {
    search: Type.Optional(Type.String({ maxLength: 200, description: 'Parts of the name, in any case and alphabet.' })),
    ...cursorQuery,
  },
  strict,
)
export type PersonQuery = Static<typeof PersonQuery>

export const peopleShapes: object[] = [PersonCreate, PersonUpdate, PersonSummary, Person, PersonList]
