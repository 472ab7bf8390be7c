import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Dialog } from '#ui/dialog.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { type PriceCard, retireCard } from './api.ts'
import { CardClash } from './card-clash.tsx'
import { useFormWords } from './use-form-words.ts'

export const RetireCard = ({ card }: { card: PriceCard }) => {
  const { t } = useTranslation(['prices', 'staff'])
  const [asking, setAsking] = useState(false)
  const { busy, error, setError, work } = useWork(['staff', 'prices'])
  const { whole } = useFormWords(error)
  const close = () => {
    setAsking(false)
    setError(undefined)
  }
  return (
    <>
      <Button variant="outline" color="danger" onClick={() => setAsking(true)}>
        {t('prices:retire.open')}
      </Button>
      <Dialog title={t('prices:retire.sure')} open={asking} onClose={close}>
        <div className={style.form}>
          <p>{t('prices:retire.consequence', { name: card.name })}</p>
          <CardClash error={error} whole={whole} />
          <Button
            color="danger"
            loading={busy}
            onClick={() => void work(() => retireCard(card.id), t('prices:retire.done')).then((done) => done && close())}
          >
            {t('prices:retire.submit')}
          </Button>
          <Button variant="default" onClick={close}>
            {t('staff:cancel')}
          </Button>
        </div>
      </Dialog>
    </>
  )
}
