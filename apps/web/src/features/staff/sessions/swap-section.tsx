import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { hallsQuery } from '#features/cinemas/api.ts'
import { Dialog } from '#ui/dialog.tsx'
import { Form } from '#ui/form.tsx'
import { DeskRefusal } from '../desk-refusal.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { previewSwap, type Screening, type SwapPreview } from './api.ts'
import { SwapForm } from './swap-form.tsx'

/** Another hall, with everybody in it. Nothing is changed before it stands there where each would sit. */
export const SwapSection = ({ of: one }: { of: Screening }) => {
  const { t } = useTranslation('desk')
  const { data = [] } = useQuery(hallsQuery(one.cinema_id))
  const halls = data.filter(({ id, is_active }) => is_active && id !== one.hall_id)
  const [chosen, setChosen] = useState<number>()
  const [preview, setPreview] = useState<SwapPreview>()
  const { busy, error, work } = useWork()
  const hall_id = chosen ?? halls[0]?.id
  const look = async () => {
    if (hall_id !== undefined) setPreview(await work(() => previewSwap(one.id, hall_id)))
  }
  return (
    <section className={style.section} aria-labelledby="swap">
      <h2 id="swap">{t('swap.title')}</h2>
      <p className={style.soft}>{t('swap.text')}</p>
      {halls.length === 0 ? (
        <p>{t('swap.only')}</p>
      ) : (
        <Form className={style.form} onSubmit={look}>
          <Choice
            label={t('swap.hall')}
            value={String(hall_id ?? '')}
            options={halls.map(({ id, name, total_seats }) => [String(id), t('swap.option', { name, count: total_seats })])}
            onChange={(id) => setChosen(Number(id))}
          />
          <DeskRefusal error={error} />
          <div className={style.buttons}>
            <Button type="submit" variant="default" loading={busy}>
              {t('swap.preview')}
            </Button>
          </div>
        </Form>
      )}
      <Dialog title={t('swap.sure')} open={preview !== undefined} onClose={() => setPreview(undefined)} wide>
        {preview && <SwapForm of={one} preview={preview} again={look} onClose={() => setPreview(undefined)} />}
      </Dialog>
    </section>
  )
}
