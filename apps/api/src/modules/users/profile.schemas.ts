import { type Static, Type } from 'typebox'

import { Id, Nullable, shape } from '#platform/http/schemas.ts'

const Gender = Type.Enum(['female', 'male', 'other'])
const name = Type.Optional(Type.String({ maxLength: 100 }))

export const Profile = shape('Profile', {
  user_id: Id,
  full_name: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  bio: Nullable(Type.String()),
  gender: Nullable(Gender),
  date_of_birth: Nullable(Type.String({ format: 'date' })),
  avatar_url: Nullable(Type.String({ description: 'A path on this server.' })),
})
export type Profile = Static<typeof Profile>

export const ProfileInput = shape(
  'ProfileInput',
  {
    full_name: Type.Optional(Type.String({ maxLength: 201 })),
    first_name: name,
    last_name: name,
    bio: Type.Optional(Nullable(Type.String({ maxLength: 1000 }))),
    gender: Type.Optional(Nullable(Gender)),
    date_of_birth: Type.Optional(Nullable(Type.String({ format: 'date' }))),
  },
  { full_name: 'Olena Petrenko', bio: 'Late shows, front row.', gender: 'female', date_of_birth: '1990-05-17' },
)
export type ProfileInput = Static<typeof ProfileInput>

export const profileShapes = [Profile, ProfileInput]
