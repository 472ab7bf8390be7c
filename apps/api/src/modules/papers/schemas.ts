import { type Static, Type } from 'typebox'

import { strict } from '#platform/http/schemas.ts'
import { locales } from '#platform/i18n.ts'

export const PaperQuery = Type.Object(
  {
    lang: Type.Optional(
      Type.Enum([...locales], {
        description: 'Left out: the first of these that Accept-Language names, else the language of the order.',
      }),
    ),
  },
  strict,
)
export type PaperQuery = Static<typeof PaperQuery>
