import { IconMapPin } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useCinema } from './choice.ts'
import style from './cinema-button.module.css'

const load = () => import('./cinema-dialog.tsx')
const CinemaDialog = lazy(async () => ({ default: (await load()).CinemaDialog }))

/** Names the chosen cinema and lets one choose another. */
export const CinemaButton = ({ large = false }: { large?: boolean }) => {
  const { t } = useTranslation()
  const { cinema } = useCinema()
  const [open, setOpen] = useState(false)
  const warm = () => void load()
  return (
    <>
      <button
        type="button"
        className={style.button}
        data-large={large}
        onPointerEnter={warm}
        onFocus={warm}
        onClick={() => setOpen(true)}
      >
        <IconMapPin size={20} aria-hidden="true" />
        <span className="unseen">{t('header.cinema')}</span>
        <span className={style.name}>{cinema?.name ?? '…'}</span>
        <span className={style.more} aria-hidden="true" />
      </button>
      {open && (
        <Suspense>
          <CinemaDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
