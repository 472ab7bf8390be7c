import { type Static, Type } from 'typebox'

import { Id, Nullable, shape, strict } from '#platform/http/schemas.ts'
import { locales } from '#platform/i18n.ts'

/** The body may be left out. */
export const GuestCreate = Nullable(
  Type.Object(
    { locale: Type.Optional(Type.Enum([...locales], { description: 'In which language the guest’s mails are written.' })) },
    strict,
  ),
)
export type GuestCreate = Static<typeof GuestCreate>

export const Guest = shape('Guest', {
  guest_id: Type.String({ format: 'uuid' }),
  token: Nullable(Type.String({ description: 'For the header X-Guest-Token; null when it travels in a cookie.' })),
})
export type Guest = Static<typeof Guest>

/** The body may be left out. */
export const GuestAdopt = Nullable(
  Type.Object(
    {
      order_key: Type.Optional(
        Type.String({ minLength: 1, maxLength: 300, description: 'The key of the link in a mail: adopts its order.' }),
      ),
      verified_email: Type.Optional(
        Type.Literal(true, { description: 'Adopts what guests have bought with my verified e-mail address.' }),
      ),
    },
    strict,
  ),
)
export type GuestAdopt = NonNullable<Static<typeof GuestAdopt>>

export const GuestAdopted = shape('GuestAdopted', {
  order_ids: Type.Array(Id, { description: 'The orders that became mine just now.' }),
})
export type GuestAdopted = Static<typeof GuestAdopted>

export const guestsShapes = [Guest, GuestAdopted]
