import { queryOptions } from '@tanstack/react-query'

import { ahead } from '#lib/ahead.ts'
import { api, session, unwrap, type Shape } from '#lib/api.ts'

export const GENDERS = ['female', 'male', 'other'] as const
export type Gender = (typeof GENDERS)[number]
export type Profile = { bio: string | null; gender: Gender | null; date_of_birth: string | null; avatar_url: string | null }

export const profileQuery = queryOptions({
  queryKey: ['me', 'profile'],
  queryFn: () => ahead<Profile>('GET', '/api/v1/users/me/profile'),
})

const keepUser = (user: Shape<'UserResponse'>) => {
  session.open({ access_token: session.token() ?? null, user })
  return user
}

export const saveUser = async (body: Shape<'UserUpdate'>) => keepUser(await unwrap(api.PATCH('/api/v1/users/me', { body })))

export const saveProfile = (body: Partial<Pick<Profile, 'bio' | 'gender' | 'date_of_birth'>>) =>
  ahead<Profile>('PATCH', '/api/v1/users/me/profile', { body })

/** The picture travels as it is; the server looks at what it really holds and draws it anew. */
export const putAvatar = (file: Blob) =>
  ahead<Profile>('PUT', '/api/v1/users/me/avatar', {
    body: file,
    bodySerializer: (body: Blob) => body,
    headers: { 'content-type': file.type },
  })

export const removeAvatar = () => ahead<undefined>('DELETE', '/api/v1/users/me/avatar')
