import { type ApiError, isApiError } from '#lib/api.ts'
import { formatMoment } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'

type TicketAhead = { ticket_id: number; title: string; starts_at: string }

/** An account is not deleted without a word about its tickets to come. */
export const isAboutTickets = (error: unknown): error is ApiError => isApiError(error) && error.code === 'privacy.tickets_ahead'

export const TicketsAhead = ({ error, text }: { error: ApiError; text: string }) => {
  const language = useLanguage()
  const tickets = (error.data['tickets'] ?? []) as TicketAhead[]
  return (
    <div>
      <p>{text}</p>
      <ul>
        {tickets.map(({ ticket_id, title, starts_at }) => (
          <li key={ticket_id}>
            {title} · {formatMoment(language, starts_at)}
          </li>
        ))}
      </ul>
    </div>
  )
}
