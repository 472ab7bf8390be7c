import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Field } from '#ui/field.tsx'
import type { AdminUser } from './api.ts'
import { beginLook } from './impersonation.ts'
import style from './staff.module.css'
import { useChange } from './use-change.ts'

/** Seeing what a person sees, to help them; nothing can be changed, and it is written down. */
export const LookSection = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { busy, change } = useChange(user)
  const [reason, setReason] = useState('')
  if (!user.is_active || user.role === 'admin') return null
  const begin = async () => {
    const began = await change(() => beginLook(client, user.id, reason.trim()), t('look.begun'))
    if (began) await navigate({ to: '/account' })
  }
  return (
    <section className={style.section} aria-labelledby="look">
      <h2 id="look">{t('look.title')}</h2>
      <p className={style.soft}>{t('look.text')}</p>
      <Field
        label={t('look.reason')}
        hint={t('look.reason_hint')}
        maxLength={500}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <Button variant="default" loading={busy} onClick={() => void begin()}>
        {t('look.begin')}
      </Button>
    </section>
  )
}
