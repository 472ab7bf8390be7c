import type { Client, Reply } from '#testing/app.ts'

export const API = '/api/v1'

export type Request = { params?: Record<string, unknown>; query?: string; body?: object; secrets?: unknown[] }
export type Owner = Client & { id: number }
/** A request about something that belongs to this person, at this cinema. */
export type Make = (owner: Owner, cinemaId: number) => Promise<Request>
export type Recipe = {
  make: Make
  /** Lists and doors answer 200 to everybody; then this says whether the thing was in the answer. */
  isReached?: (reply: Reply, request: Request) => boolean
}

export const nameOf =
  (kind: 'id' | 'order_id') =>
  (reply: Reply, { params }: Request) =>
    (reply.body.items as { id: number }[]).some(({ id }) => id === params?.[kind])
