import { Loader } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import style from './pay.module.css'

const LONG_MS = 45_000

/** The outcome is not known: nothing to press, nothing to fear. */
export const Checking = ({ offline }: { offline: boolean }) => {
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
      {long && <p className={style.soft}>{t('checking.long')}</p>}
    </section>
  )
}
