import { queryOptions } from '@tanstack/react-query'

import { api, session, unwrap, type Shape } from '#lib/api.ts'

export const GENDERS = ['female', 'male', 'other'] as const
export type Gender = (typeof GENDERS)[number]
export type Profile = Shape<'Profile'>

export const profileQuery = queryOptions({
  queryKey: ['me', 'profile'],
  queryFn: () => unwrap(api.GET('/api/v1/users/me/profile')),
})

const keepUser = (user: Shape<'UserResponse'>) => {
  session.open({ access_token: session.token() ?? null, user })
  return user
}

export const saveUser = async (body: Shape<'UserUpdate'>) => keepUser(await unwrap(api.PATCH('/api/v1/users/me', { body })))

export const saveProfile = (body: Shape<'ProfileInput'>) => unwrap(api.PATCH('/api/v1/users/me/profile', { body }))

/** The picture travels as it is; the server looks at what it really holds and draws it anew. */
export const putAvatar = (file: Blob) =>
  unwrap(api.PUT('/api/v1/users/me/avatar', { body: file, bodySerializer: () => file, headers: { 'content-type': file.type } }))

export const removeAvatar = () => unwrap(api.DELETE('/api/v1/users/me/avatar'))
