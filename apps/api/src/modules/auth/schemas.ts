import { type Static, Type } from 'typebox'

import { RecoveryCode, TotpCode } from '#modules/auth/factors/totp.schemas.ts'
import { UserResponse } from '#modules/users/schemas.ts'
import { Nullable, ref, shape, strict } from '#platform/http/schemas.ts'

export const Token = shape('Token', {
  access_token: Nullable(Type.String({ description: 'Null while the account waits for its activation.' })),
  refresh_token: Nullable(Type.String({ description: 'Null when it travels in a cookie, or there is none yet.' })),
  token_type: Type.Enum(['bearer']),
  expires_in: Type.Integer({ description: 'Seconds until the access token expires.' }),
  user: ref(UserResponse),
})
export type Token = Static<typeof Token>

/** JSON or form data; OAuth2 clients call the login `username`. */
export const Login = Type.Object(
  {
    email: Type.Optional(Type.String({ minLength: 1, maxLength: 254 })),
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: 'Username or e-mail.' })),
    password: Type.String({ minLength: 1, maxLength: 200 }),
    totp_code: Type.Optional(TotpCode),
    recovery_code: Type.Optional(RecoveryCode),
    grant_type: Type.Optional(Type.Enum(['password', ''])),
    scope: Type.Optional(Type.String({ maxLength: 0 })),
    client_id: Type.Optional(Type.String({ maxLength: 200 })),
    client_secret: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { $id: 'Login', ...strict, examples: [{ email: 'customer@marquee.test', password: 'Marquee-demo-1' }] },
)
export type Login = Static<typeof Login>

/** Without the token, or without a body, it is read from the cookie. */
export const Refresh = Nullable(
  Type.Object({ refresh_token: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }, strict),
)
