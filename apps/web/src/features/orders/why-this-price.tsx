import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Dialog } from '#ui/dialog.tsx'
import type { Order } from './api.ts'
import style from './why-this-price.module.css'

const PriceStory = lazy(async () => ({ default: (await import('./price-story.tsx')).PriceStory }))

/** Where every hryvnia of an order comes from, for whoever asks. */
export const WhyThisPrice = ({ order }: { order: Order }) => {
  const { t } = useTranslation('orders')
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className={style.ask} onClick={() => setOpen(true)}>
        {t('why.ask')}
      </button>
      <Dialog title={t('why.title')} open={open} onClose={() => setOpen(false)}>
        <Suspense fallback={<div className={`skeleton ${style.waiting}`} />}>
          <PriceStory order={order} />
        </Suspense>
      </Dialog>
    </>
  )
}
