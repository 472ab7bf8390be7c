import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { signOut, useIsBorrowed } from '#features/account/session.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import style from './shell.module.css'

/** Whoever ends up here by mistake learns what this place is and how to go on. */
export const NoAccess = ({ email }: { email: string }) => {
  const { t } = useTranslation('staff')
  const client = useQueryClient()
  const borrowed = useIsBorrowed()
  return (
    <section className={style.door}>
      <title>{`${t('title')} · Marquee`}</title>
      <h1>{t('refused.title')}</h1>
      <p>{t('refused.text', { email })}</p>
      <div className={style.ways}>
        <ButtonLink to="/" size="md">
          {t('refused.films')}
        </ButtonLink>
        {!borrowed && (
          <Button variant="default" size="md" onClick={() => void signOut(client).catch(() => undefined)}>
            {t('refused.other')}
          </Button>
        )}
      </div>
    </section>
  )
}

export const NeedsFactor = () => {
  const { t } = useTranslation('staff')
  return (
    <section className={style.door}>
      <title>{`${t('title')} · Marquee`}</title>
      <h1>{t('factor.title')}</h1>
      <p>{t('factor.text')}</p>
      <ButtonLink to="/account/security" size="md">
        {t('factor.go')}
      </ButtonLink>
    </section>
  )
}

/** A page whose permission this person lacks. */
export const NotYours = () => {
  const { t } = useTranslation('staff')
  return (
    <section className={style.door}>
      <title>{`${t('title')} · Marquee`}</title>
      <h1>{t('refused.page')}</h1>
      <p>{t('refused.page_text')}</p>
      <ButtonLink to="/staff" size="md" variant="default">
        {t('refused.overview')}
      </ButtonLink>
    </section>
  )
}
