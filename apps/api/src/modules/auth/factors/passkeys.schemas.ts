import { type Static, Type } from 'typebox'

import { Id, Nullable, ref, shape, strict, Timestamp } from '#platform/http/schemas.ts'

/** As browsers write bytes: base64url, without padding. */
const bytes = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength })
const CredentialId = bytes(1_400)
const Extensions = Type.Object(
  {},
  { additionalProperties: true, description: 'What the browser’s extensions say; nothing of it is looked at.' },
)
const answers = Type.Enum(['required', 'preferred', 'discouraged'])
const descriptors = Type.Array(
  Type.Object({ id: Type.String(), type: Type.String(), transports: Type.Optional(Type.Array(Type.String())) }),
)
const credential = {
  id: CredentialId,
  rawId: CredentialId,
  type: Type.Enum(['public-key']),
  authenticatorAttachment: Type.Optional(Nullable(Type.Enum(['platform', 'cross-platform']))),
  clientExtensionResults: Extensions,
}

export const PasskeyCreation = shape('PasskeyCreation', {
  rp: Type.Object({ id: Type.Optional(Type.String()), name: Type.String() }),
  user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
  challenge: Type.String(),
  pubKeyCredParams: Type.Array(Type.Object({ alg: Type.Integer(), type: Type.Enum(['public-key']) })),
  timeout: Type.Optional(Type.Integer()),
  excludeCredentials: Type.Optional(descriptors),
  authenticatorSelection: Type.Optional(
    Type.Object({
      residentKey: Type.Optional(answers),
      requireResidentKey: Type.Optional(Type.Boolean()),
      userVerification: Type.Optional(answers),
    }),
  ),
  attestation: Type.Optional(Type.String()),
})

export const PasskeyRequest = shape('PasskeyRequest', {
  challenge: Type.String(),
  timeout: Type.Optional(Type.Integer()),
  rpId: Type.Optional(Type.String()),
  allowCredentials: Type.Optional(descriptors),
  userVerification: Type.Optional(answers),
})

export const PasskeyCreate = shape('PasskeyCreate', {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 60, pattern: '^[^\\p{Cc}\\p{Cs}]*\\S[^\\p{Cc}\\p{Cs}]*$' })),
  ...credential,
  response: Type.Object(
    {
      clientDataJSON: bytes(4_000),
      attestationObject: bytes(100_000),
      authenticatorData: Type.Optional(bytes(20_000)),
      publicKey: Type.Optional(bytes(10_000)),
      publicKeyAlgorithm: Type.Optional(Type.Integer()),
      transports: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z-]{1,20}$' }), { maxItems: 10 })),
    },
    strict,
  ),
})
export type PasskeyCreate = Static<typeof PasskeyCreate>

export const PasskeySignIn = shape('PasskeySignIn', {
  ...credential,
  response: Type.Object(
    {
      clientDataJSON: bytes(4_000),
      authenticatorData: bytes(20_000),
      signature: bytes(10_000),
      userHandle: Type.Optional(Nullable(bytes(100))),
    },
    strict,
  ),
})
export type PasskeySignIn = Static<typeof PasskeySignIn>

export const Passkey = shape('Passkey', {
  id: Id,
  name: Type.String(),
  is_backed_up: Type.Boolean({ description: 'Whether it lives on more than one device.' }),
  last_used_at: Nullable(Timestamp),
  created_at: Timestamp,
})
export type Passkey = Static<typeof Passkey>
export const PasskeyList = shape('PasskeyList', { items: Type.Array(ref(Passkey)) })
export type PasskeyList = Static<typeof PasskeyList>

export const passkeyShapes = [PasskeyCreation, PasskeyRequest, PasskeyCreate, PasskeySignIn, Passkey, PasskeyList]
