import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { forgetTickets } from '#features/orders/kept-tickets.ts'
import { toast } from '#ui/announce.ts'
import { Dialog } from '#ui/dialog.tsx'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useAgo } from './ago.ts'
import { endSignIn, logoutEverywhere, type SignIn, signInsQuery } from './security-api.ts'
import { forgetSession } from './session.ts'
import style from './settings.module.css'

const One = ({ one, onEnd }: { one: SignIn; onEnd: () => void }) => {
  const { t } = useTranslation('settings')
  const ago = useAgo()
  const device = one.device ?? t('sign_ins.unknown')
  return (
    <li>
      <div>
        <span>
          <b>{device}</b>
          {one.is_current && <span className={style.mark}>{t('sign_ins.current')}</span>}
        </span>
        <small>
          {[t(`sign_ins.by.${one.method}`), one.ip, t('sign_ins.seen', { when: ago(one.last_seen_at) })]
            .filter((part) => part !== null)
            .join(' · ')}
        </small>
        <small>{t('sign_ins.since', { when: ago(one.started_at) })}</small>
      </div>
      {!one.is_current && (
        <Button variant="default" size="sm" onClick={onEnd} aria-label={t('sign_ins.end_named', { device })}>
          {t('sign_ins.end')}
        </Button>
      )}
    </li>
  )
}

const Everywhere = () => {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const leave = async () => {
    setBusy(true)
    try {
      await logoutEverywhere()
      forgetSession(client)
      forgetTickets()
      await navigate({ to: '/account/sign-in' })
      toast(t('sign_ins.all_ended'), 'good')
    } catch {
      toast(t('failed'), 'bad')
      setBusy(false)
    }
  }
  return (
    <>
      <Button variant="outline" color="danger" className={style.start ?? ''} onClick={() => setOpen(true)}>
        {t('sign_ins.everywhere')}
      </Button>
      <Dialog title={t('sign_ins.everywhere_title')} open={open} onClose={() => setOpen(false)}>
        <div className={style.form}>
          <p>{t('sign_ins.everywhere_text')}</p>
          <Button color="danger" loading={busy} onClick={() => void leave()}>
            {t('sign_ins.everywhere')}
          </Button>
          <Button variant="default" onClick={() => setOpen(false)}>
            {t('cancel')}
          </Button>
        </div>
      </Dialog>
    </>
  )
}

/** Where one is signed in; anything strange can be ended at once. */
export const SignIns = () => {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const { data: list, error, refetch } = useQuery(signInsQuery)
  const end = async (id: string) => {
    try {
      await endSignIn(id)
      toast(t('sign_ins.ended'), 'good')
    } catch {
      toast(t('failed'), 'bad')
    } finally {
      await client.invalidateQueries({ queryKey: signInsQuery.queryKey })
    }
  }
  if (error) return <SectionProblem error={error} retry={() => void refetch()} />
  return (
    <section className={style.section} aria-labelledby="sign-ins">
      <h2 id="sign-ins">{t('sign_ins.title')}</h2>
      <p className={style.soft}>{t('sign_ins.text')}</p>
      {list ? (
        <ul className={style.list}>
          {list.map((one) => (
            <One key={one.id} one={one} onEnd={() => void end(one.id)} />
          ))}
        </ul>
      ) : (
        <div className={`skeleton ${style.row}`} />
      )}
      <Everywhere />
    </section>
  )
}
