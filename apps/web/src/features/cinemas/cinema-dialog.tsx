import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatDistance } from '#lib/format.ts'
import { currentLanguage } from '#lib/i18n.ts'
import { Dialog } from '#ui/dialog.tsx'
import { rememberCinema, useCinema } from './choice.ts'
import style from './cinema-dialog.module.css'
import { byDistance } from './place.ts'
import { usePlace } from './use-place.ts'

/** Choosing a cinema: nearest first once the person lets us know where they are. */
export const CinemaDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const { cinema: current, cinemas } = useCinema()
  const { place, asking, refused, ask } = usePlace()
  const [open, setOpen] = useState(true)
  const close = () => {
    setOpen(false)
    onClose()
  }
  const choose = (id: number) => {
    rememberCinema(id)
    close()
  }
  return (
    <Dialog title={t('cinema.choose')} open={open} onClose={close}>
      <Button variant="light" fullWidth size="md" loading={asking} onClick={() => void ask()}>
        {t('cinema.nearest')}
      </Button>
      <p role="status" className={style.note}>
        {refused ? t('cinema.no_place') : ''}
      </p>
      <ul className={style.list}>
        {byDistance(cinemas, place).map(({ cinema: { id, name, city, address }, km }) => (
          <li key={id}>
            <button type="button" className={style.choice} aria-pressed={id === current?.id} onClick={() => choose(id)}>
              <strong>{name}</strong>
              <span>
                {city}, {address}
              </span>
              {km !== undefined && <span className={style.km}>{formatDistance(currentLanguage(), km)}</span>}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
