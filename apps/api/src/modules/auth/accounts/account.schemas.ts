import { type Static, Type } from 'typebox'

import { shape } from '#platform/http/schemas.ts'

const Email = Type.String({ format: 'email', maxLength: 254 })
const Given = Type.String({ minLength: 1, maxLength: 200 })
const New = Type.String({ minLength: 8, maxLength: 200 })

export const AccountEmail = shape('AccountEmail', { email: Email }, { email: 'olena@example.org' })

/** The token of a link in a mail. */
export const LinkToken = shape('LinkToken', { token: Given })

export const AccountOpened = shape('AccountOpened', {
  email: Type.String(),
  is_active: Type.Boolean(),
  is_verified: Type.Boolean(),
})

/** The same words whether or not there is such an account. */
export const LinkAsked = shape('LinkAsked', { detail: Type.String() })

export const PasswordChange = shape('PasswordChange', { old_password: Given, new_password: New })
export type PasswordChange = Static<typeof PasswordChange>

export const PasswordReset = shape('PasswordReset', { token: Given, password: New })
export type PasswordReset = Static<typeof PasswordReset>

export const EmailChange = shape('EmailChange', { email: Email, password: Given })
export type EmailChange = Static<typeof EmailChange>

/** Said again for what cannot be undone with a click. */
export const OwnPassword = shape('OwnPassword', {
  password: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Left out for accounts without one, after a fresh sign-in.' }),
  ),
})
export type OwnPassword = Static<typeof OwnPassword>

export const accountShapes = [
  OwnPassword,
  EmailChange,
  AccountEmail,
  LinkToken,
  AccountOpened,
  LinkAsked,
  PasswordChange,
  PasswordReset,
]
