import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Dialog } from '#ui/dialog.tsx'
import { trailerOf } from './trailer-source.ts'
import style from './trailer.module.css'

/** The player is of another origin, so its own origin opens nothing of ours. */
const PLAYER = 'allow-scripts allow-same-origin allow-presentation'

/** Nothing of a trailer is fetched before someone asks for it. */
export const Trailer = ({ title, url }: { title: string; url: string }) => {
  const { t } = useTranslation('film')
  const [open, setOpen] = useState(false)
  const source = trailerOf(url)
  const name = t('trailer_of', { title })
  if (source.kind === 'link')
    return (
      <Button
        component="a"
        href={source.src}
        target="_blank"
        rel="noreferrer"
        variant="default"
        size="md"
        className={style.button}
      >
        {t('trailer')}
      </Button>
    )
  return (
    <>
      <Button variant="default" size="md" className={style.button} onClick={() => setOpen(true)}>
        <span aria-hidden="true">▶ </span>
        {t('trailer')}
      </Button>
      <Dialog title={name} open={open} onClose={() => setOpen(false)} wide>
        {source.kind === 'frame' ? (
          <iframe className={style.screen} src={source.src} title={name} allow="autoplay; fullscreen" sandbox={PLAYER} />
        ) : (
          // oxlint-disable-next-line jsx-a11y/media-has-caption -- the cinema has no caption files of trailers
          <video className={style.screen} src={source.src} controls autoPlay />
        )}
      </Dialog>
    </>
  )
}
