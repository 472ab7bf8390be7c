import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { Trouble } from '#features/account/trouble.tsx'
import { isApiError } from '#lib/api.ts'

type Named = { id: number; name: string }
const isNamed = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && 'id' in value && 'name' in value

const Why = ({ error, whole }: { error: unknown; whole: string | undefined }) => {
  const { t } = useTranslation('prices')
  if (isApiError(error) && error.code === 'pricing.cards_overlap') {
    const other = error.data['card']
    return isNamed(other) ? (
      <p>
        {t('clash.card')}{' '}
        <Link to="/staff/prices/$card_id" params={{ card_id: String(other.id) }}>
          {other.name}
        </Link>
        . {t('clash.hint')}
      </p>
    ) : (
      <p>
        {t('clash.other')} {t('clash.hint')}
      </p>
    )
  }
  if (isApiError(error) && error.code === 'pricing.sessions_without_card')
    return <p>{t('clash.sessions', { count: Number(error.data['total']) })}</p>
  return whole === undefined ? null : <p>{whole}</p>
}

/** Why a card was not saved. When it meets another card, that one is named, and one step away. */
export const CardClash = (props: { error: unknown; whole: string | undefined }) => (
  <Trouble>
    <Why {...props} />
  </Trouble>
)
