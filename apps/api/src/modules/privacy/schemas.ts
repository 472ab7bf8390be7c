import { type Static, Type } from 'typebox'

import { Nullable, shape, strict } from '#platform/http/schemas.ts'

const confirm = Type.Optional(
  Type.Boolean({ description: 'Goes on although there are paid tickets for sessions to come. They stay good.' }),
)

export const AccountErasure = shape('AccountErasure', {
  password: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Left out for accounts without one, after a fresh sign-in.' }),
  ),
  confirm,
})
export type AccountErasure = Static<typeof AccountErasure>

/** The body may be left out. */
export const ErasureOfOther = Nullable(Type.Object({ confirm }, strict))

export const privacyShapes: object[] = [AccountErasure]
