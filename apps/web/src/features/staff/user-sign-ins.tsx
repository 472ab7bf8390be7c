import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAgo } from '#features/account/ago.ts'
import { Dialog } from '#ui/dialog.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { type AdminUser, endSignIns, signInsQuery } from './api.ts'
import { deviceWords } from './device-words.ts'
import style from './staff.module.css'
import { useChange } from './use-change.ts'

/** Where somebody is signed in, and the end of it. */
export const UserSignIns = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const ago = useAgo()
  const { data: list, error, refetch } = useQuery(signInsQuery(user.id))
  const { busy, change } = useChange(user)
  const [asking, setAsking] = useState(false)
  const end = async () => {
    await change(() => endSignIns(user.id), t('sign_ins.ended'))
    setAsking(false)
  }
  if (error) return <SectionProblem error={error} retry={() => void refetch()} />
  return (
    <section className={style.section} aria-labelledby="sign-ins">
      <h2 id="sign-ins">{t('sign_ins.title')}</h2>
      {!list && <div className={`skeleton ${style.row}`} />}
      {list?.length === 0 && <p className={style.soft}>{t('sign_ins.none')}</p>}
      {list && list.length > 0 && (
        <>
          <ul className={style.list}>
            {list.map((one) => (
              <li key={one.id} title={one.user_agent ?? undefined}>
                <b>{deviceWords(one.user_agent) ?? t('sign_ins.unknown')}</b>
                <span>{one.ip ?? '–'}</span>
                <span>{t('sign_ins.seen', { when: ago(one.last_used_at) })}</span>
              </li>
            ))}
          </ul>
          <Button variant="outline" color="danger" onClick={() => setAsking(true)}>
            {t('sign_ins.end')}
          </Button>
        </>
      )}
      <Dialog title={t('sign_ins.sure')} open={asking} onClose={() => setAsking(false)}>
        <div className={style.form}>
          <p>{t('sign_ins.text', { name: user.full_name || user.email })}</p>
          <Button color="danger" loading={busy} onClick={() => void end()}>
            {t('sign_ins.end')}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('cancel')}
          </Button>
        </div>
      </Dialog>
    </section>
  )
}
