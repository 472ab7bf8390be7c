import { AppError } from '#platform/errors.ts'

const MAX_NAMED = 100

export const hallNotFound = () => new AppError(404, 'halls.not_found', 'There is no such hall.')
export const hallNumberTaken = () =>
  new AppError(
    409,
    'halls.number_taken',
    'This cinema has a hall of this number in use. Take another number, or close that hall first.',
  )

type Ahead = { total: number; session_ids: number[] }

export const hallHasSessions = ({ total, session_ids }: Ahead) =>
  new AppError(
    409,
    'halls.has_sessions',
    `${total === 1 ? 'A session in this hall is' : `${total} sessions in this hall are`} to come or under way. Cancel them or move them to another hall first, or wait until they are over.`,
    { sessions_count: total, session_ids },
  )

type Claimed = { session_id: number; seat_id: number }

/** Names the seats, the sessions, and which is whose. */
export const seatsClaimed = (claimed: Claimed[]) =>
  new AppError(
    409,
    'halls.seats_claimed',
    'Seats that would go, or become another type, are sold, held or blocked in sessions to come. Keep them as they are, or free them first.',
    {
      seat_ids: [...new Set(claimed.map(({ seat_id }) => seat_id))],
      session_ids: [...new Set(claimed.map(({ session_id }) => session_id))].toSorted((a, b) => a - b),
      claims: claimed.slice(0, MAX_NAMED),
    },
  )
