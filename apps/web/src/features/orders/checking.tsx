import { Loader } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import style from './pay.module.css'

const LONG_MS = 45_000

/** The outcome is not known: nothing to fear, and nothing to press but the way on at a bank that waits. */
export const Checking = ({ offline, onward }: { offline: boolean; onward?: string | null | undefined }) => {
  const { t } = useTranslation('orders')
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <section className={`page ${style.over}`} role="status">
      <Loader color="var(--accent)" aria-hidden />
      <h1>{t('checking.title')}</h1>
      <p>{t(offline ? 'checking.offline' : 'checking.hint')}</p>
      {onward && (
        <a href={onward} className={style.wayOn}>
          {t('checking.onward')}
        </a>
      )}
      {long && <p className="fine">{t('checking.long')}</p>}
    </section>
  )
}
