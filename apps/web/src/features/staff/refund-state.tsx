import { useTranslation } from 'react-i18next'

import style from './staff.module.css'

const TONES = { pending: 'waiting', success: 'active', failed: 'inactive' } as const

type Props = { status: keyof typeof TONES | null; failure: string | null }

/** Where money that goes back is. Codes of the provider stay as they are: they are for its support. */
export const RefundState = ({ status, failure }: Props) => {
  const { t } = useTranslation('desk')
  if (status === null) return <span>–</span>
  return (
    <span className={style.state} data-state={TONES[status]}>
      {t(`refund.${status}`)}
      {status === 'failed' && failure !== null && ` (${failure})`}
    </span>
  )
}
