import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Dialog } from '#ui/dialog.tsx'
import { DeskRefusal } from '../desk-refusal.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { changePromotion, type Promotion } from './api.ts'

/** Starts a promotion, or stops it; what that means is said before. */
export const Running = ({ promotion }: { promotion: Promotion }) => {
  const { t } = useTranslation(['promotions', 'staff'])
  const [asking, setAsking] = useState(false)
  const { busy, error, setError, work } = useWork(['staff', 'promotions'])
  const way = promotion.is_active ? 'stop' : 'start'
  const close = () => {
    setAsking(false)
    setError(undefined)
  }
  const turn = async () => {
    const done = await work(() => changePromotion(promotion.id, { is_active: !promotion.is_active }), t(`promotions:${way}.done`))
    if (done) close()
  }
  return (
    <section className={style.section} aria-labelledby="running">
      <h2 id="running">{t(`promotions:${way}.title`)}</h2>
      <p className={style.soft}>{t(`promotions:${way}.text`)}</p>
      <Button
        variant={way === 'stop' ? 'outline' : 'filled'}
        {...(way === 'stop' && { color: 'danger' })}
        onClick={() => setAsking(true)}
      >
        {t(`promotions:${way}.open`)}
      </Button>
      <Dialog title={t(`promotions:${way}.sure`)} open={asking} onClose={close}>
        <div className={style.form}>
          <p>{t(`promotions:${way}.consequence`)}</p>
          <DeskRefusal error={error} />
          <Button loading={busy} {...(way === 'stop' && { color: 'danger' })} onClick={() => void turn()}>
            {t(`promotions:${way}.submit`)}
          </Button>
          <Button variant="default" onClick={close}>
            {t('staff:cancel')}
          </Button>
        </div>
      </Dialog>
    </section>
  )
}
