import { Button } from '@mantine/core'
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import style from './problem.module.css'

const RETRY_MS = 8000

const isAway = (error: unknown) => isApiError(error) && (error.status === 0 || error.status >= 500)

/** What stands where a page could not: it says what happened, and while the server is away it goes on trying by itself. */
export const PageProblem = ({ error, reset }: ErrorComponentProps) => {
  const { t } = useTranslation()
  const router = useRouter()
  const away = isAway(error)
  useEffect(() => {
    if (!away) return undefined
    const timer = setInterval(() => void router.invalidate(), RETRY_MS)
    return () => clearInterval(timer)
  }, [away, router])
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <section className={`page ${style.problem}`}>
      <h1>{t(away ? 'problem.away' : 'problem.broken')}</h1>
      <p>{t(away ? 'problem.away_hint' : 'problem.broken_hint')}</p>
      <Button size="md" onClick={retry}>
        {t('retry')}
      </Button>
      {isApiError(error) && error.request_id !== undefined && (
        <p className={style.trace}>{t('problem.trace', { id: error.request_id })}</p>
      )}
    </section>
  )
}
