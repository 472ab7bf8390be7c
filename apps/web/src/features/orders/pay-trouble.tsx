import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Trouble } from '#features/account/trouble.tsx'
import { sessionById } from '#features/hall/api.ts'
import type { Shape } from '#lib/api.ts'
import { slugOf } from '#lib/slug.ts'
import type { Order } from './api.ts'
import { money } from './money.ts'
import type { Outcome } from './pay-outcome.ts'
import style from './pay.module.css'

const REASONS = [
  'insufficient_funds',
  'card_declined',
  'expired_card',
  'invalid_card_token',
  'incorrect_cvc',
  'payment_intent_authentication_failure',
] as const

const useSaid = (currency: string) => {
  const { t } = useTranslation('orders')
  return (outcome: Outcome): string | undefined => {
    switch (outcome.kind) {
      case 'declined': {
        const reason = REASONS.find((known) => known === outcome.reason) ?? 'card_declined'
        const way = outcome.recommendation === 'use_another_card' ? 'use_another_card' : 'try_another_method'
        return `${t(`declined.${reason}`)} ${t(`declined.${way}`)}`
      }
      case 'price':
        return t('trouble.price_changed', { amount: money(outcome.amount, currency) })
      case 'signed_out':
        return t('trouble.signed_out')
      case 'unavailable':
        return t('trouble.unavailable')
      case 'failed':
        return t('trouble.other')
      case 'paid':
      case 'checking':
      case 'expired':
      case 'session':
      case 'email':
      default:
        return undefined
    }
  }
}

type TroubleProps = { outcome: Outcome | undefined; order: Order; onAnotherCard: () => void }

/** Beside the button: what went wrong, that nothing is lost, and after a refused card what can be done next. */
export const PayTrouble = ({ outcome, order, onAnotherCard }: TroubleProps) => {
  const { t } = useTranslation('orders')
  const say = useSaid(order.currency)
  const text = outcome && say(outcome)
  return (
    <>
      <Trouble>{text}</Trouble>
      {outcome?.kind === 'declined' && (
        <p className={style.next}>
          <button type="button" className={style.link} onClick={onAnotherCard}>
            {t('declined.another')}
          </button>
          <SeatsLink order={order} className={style.link}>
            {t('pay.back')}
          </SeatsLink>
        </p>
      )}
    </>
  )
}

type SeatsProps = { order: Order; className: string | undefined; children: ReactNode }

/** Back to the hall; nothing for an order that is paid in part already, by an exchange or at the counter: its seats are fixed. */
export const SeatsLink = ({ order, className, children }: SeatsProps) => {
  const [ticket] = order.tickets
  if (!ticket || order.amount_due < order.total) return null
  return (
    <Link to="/showing/$session_id" params={{ session_id: String(ticket.session_id) }} className={className}>
      {children}
    </Link>
  )
}

/** What the order's screenings have come to by now. Nothing before the server was asked, and what is known when it is away. */
const useSessions = (order: Order): Shape<'Session'>[] | undefined => {
  const ids = [...new Set(order.tickets.map(({ session_id }) => session_id))]
  const asked = useQueries({ queries: ids.map((id) => ({ ...sessionById(id), staleTime: 0, retry: false })) })
  if (asked.some(({ isFetchedAfterMount, isError }) => !isFetchedAfterMount && !isError)) return undefined
  return asked.flatMap(({ data }) => data ?? [])
}

const isCancelled = ({ status }: Shape<'Session'>) => status === 'cancelled'

/** Nothing can be paid any more: why, and where to go on. */
export const PayOver = ({ outcome, order }: { outcome: Outcome; order: Order }) => {
  const { t } = useTranslation('orders')
  const sessions = useSessions(order)
  if (sessions === undefined) return null
  const cancelled = sessions.find(isCancelled)
  const session = cancelled ?? sessions[0]
  const said = () => {
    if (cancelled) return 'trouble.session'
    if (outcome.kind === 'session') return outcome.started ? 'trouble.started' : 'trouble.session'
    return order.status === 'canceled' ? 'trouble.canceled' : 'trouble.expired'
  }
  return (
    <section className={`page ${style.over}`} role="alert">
      <h1>{t('pay.title')}</h1>
      <p>{t(said())}</p>
      {session && <WayOn session={session} elsewhere={cancelled !== undefined || outcome.kind === 'session'} />}
    </section>
  )
}

/** To the same hall, or to the film's other screenings. */
const WayOn = ({ session, elsewhere }: { session: Shape<'Session'>; elsewhere: boolean }) => {
  const { t } = useTranslation('orders')
  if (elsewhere)
    return (
      <Link
        to="/films/$film"
        params={{ film: slugOf(session.movie_id, session.movie_title) }}
        hash="showings"
        className={style.wayOn}
      >
        {t('trouble.other_session')}
      </Link>
    )
  return (
    <Link to="/showing/$session_id" params={{ session_id: String(session.id) }} className={style.wayOn}>
      {t('trouble.again')}
    </Link>
  )
}
