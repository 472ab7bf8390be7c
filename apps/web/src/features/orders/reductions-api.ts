import { api, unwrap } from '#lib/api.ts'

const of = (id: number) => ({ params: { path: { id } } })

/** An e-mail goes with a code that may be used once by each person. */
export const putCode = (id: number, code: string, email?: string) =>
  unwrap(api.PUT('/api/v1/orders/{id}/promo-code', { ...of(id), body: { code, ...(email !== undefined && { email }) } }))

export const removeCode = (id: number) => unwrap(api.DELETE('/api/v1/orders/{id}/promo-code', of(id)))

export const putPoints = (id: number, points: number) =>
  unwrap(
    points > 0
      ? api.PUT('/api/v1/orders/{id}/points', { ...of(id), body: { points } })
      : api.DELETE('/api/v1/orders/{id}/points', of(id)),
  )
