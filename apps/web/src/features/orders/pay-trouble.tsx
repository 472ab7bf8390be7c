import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { money } from './money.ts'
import type { Outcome } from './pay-outcome.ts'
import style from './pay.module.css'

const REASONS = ['insufficient_funds', 'card_declined', 'expired_card', 'invalid_card_token'] as const

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

/** Beside the button: what went wrong and that nothing is lost. */
export const PayTrouble = ({ outcome, currency }: { outcome: Outcome | undefined; currency: string }) => {
  const say = useSaid(currency)
  const text = outcome && say(outcome)
  return (
    <div role="alert" className={style.trouble}>
      {text && <p>{text}</p>}
    </div>
  )
}

/** Nothing can be paid any more: why, and where to go on. */
export const PayOver = ({ outcome, session_id }: { outcome: Outcome; session_id: number | undefined }) => {
  const { t } = useTranslation('orders')
  const session = outcome.kind === 'session'
  const text = session ? t(outcome.started ? 'trouble.started' : 'trouble.session') : t('trouble.expired')
  return (
    <section className={`page ${style.over}`} role="alert">
      <h1>{t('pay.title')}</h1>
      <p>{text}</p>
      {session || session_id === undefined ? (
        <Link to="/" className={style.wayOn}>
          {t('trouble.other_session')}
        </Link>
      ) : (
        <Link to="/showing/$session_id" params={{ session_id: String(session_id) }} className={style.wayOn}>
          {t('trouble.again')}
        </Link>
      )}
    </section>
  )
}
