import { type Static, Type } from 'typebox'

import { Nullable, shape, Timestamp } from '#platform/http/schemas.ts'

export const TotpCode = Type.String({ pattern: '^[0-9]{6}$', description: 'The six digits that the authenticator app shows.' })
export const RecoveryCode = Type.String({
  minLength: 10,
  maxLength: 20,
  description: 'One of the recovery codes; each counts once. Case and dashes do not matter.',
})

export const TotpStatus = shape('TotpStatus', {
  is_enabled: Type.Boolean(),
  confirmed_at: Nullable(Timestamp),
  recovery_codes_left: Type.Integer(),
})
export type TotpStatus = Static<typeof TotpStatus>

export const TotpStart = shape('TotpStart', {
  secret: Type.String({ description: 'In base32, for those who type it.' }),
  otpauth_url: Type.String({ description: 'What the QR code for the authenticator app says.' }),
})
export type TotpStart = Static<typeof TotpStart>

export const TotpConfirm = shape('TotpConfirm', { totp_code: TotpCode }, { totp_code: '123456' })

/** One of the two; without either the answer asks for it. */
export const FactorProof = shape(
  'FactorProof',
  { totp_code: Type.Optional(TotpCode), recovery_code: Type.Optional(RecoveryCode) },
  { totp_code: '123456' },
)
export type FactorProof = Static<typeof FactorProof>

export const RecoveryCodes = shape('RecoveryCodes', {
  recovery_codes: Type.Array(Type.String(), {
    description: 'Shown this once. Each signs in once, instead of a code of the app.',
  }),
})
export type RecoveryCodes = Static<typeof RecoveryCodes>

export const totpShapes = [TotpStatus, TotpStart, TotpConfirm, FactorProof, RecoveryCodes]
