import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useUser } from '#features/account/session.ts'
import { asClock } from '#features/orders/countdown.ts'
import { toast } from '#ui/announce.ts'
import style from './impersonation-banner.module.css'
import { currentLook, endLook } from './impersonation.ts'

const useEnd = () => {
  const { t } = useTranslation('staff')
  const client = useQueryClient()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const end = async () => {
    const user_id = currentLook()?.user_id
    setBusy(true)
    try {
      const isBack = await endLook(client)
      toast(t('look.ended'))
      if (isBack && user_id !== undefined) await navigate({ to: '/staff/users/$user_id', params: { user_id: String(user_id) } })
      else await navigate({ to: '/account/sign-in' })
    } catch {
      toast(t('failed'), 'bad')
    } finally {
      setBusy(false)
    }
  }
  return { busy, end }
}

const useLeft = (onOver: () => void) => {
  const [left, setLeft] = useState(() => Math.ceil(((currentLook()?.until_ms ?? 0) - Date.now()) / 1000))
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.ceil(((currentLook()?.until_ms ?? 0) - Date.now()) / 1000)), 1000)
    return () => clearInterval(timer)
  }, [])
  const isOver = left <= 0
  useEffect(() => {
    if (isOver) onOver()
    // oxlint-disable-next-line react/exhaustive-deps -- once, at the end
  }, [isOver])
  return Math.max(left, 0)
}

/** On every page while staff look through somebody's eyes: whose, for how long, and the way back. */
export const ImpersonationBanner = () => {
  const { t } = useTranslation('staff')
  const user = useUser()
  const { busy, end } = useEnd()
  const left = useLeft(() => void end())
  return (
    <aside className={style.banner} aria-label={t('look.label')}>
      <p>
        <b>{t('look.as', { name: user?.full_name || user?.email })}</b> <span>{t('look.rules')}</span>
      </p>
      <Button size="sm" color="danger" className="tabular" loading={busy} onClick={() => void end()}>
        {`${t('look.end')} · ${asClock(left)}`}
      </Button>
    </aside>
  )
}
