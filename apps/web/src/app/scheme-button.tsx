import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconMoon, IconSun } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import style from './scheme-button.module.css'

const ICON = 22

/** Both faces are in the page and the scheme shows one of them: it is known before the first paint, and not to the server. */
export const SchemeButton = () => {
  const { t } = useTranslation()
  // To stop transitions Mantine would put a style into the page, which the policy forbids.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const night = useComputedColorScheme('dark') === 'dark'
  return (
    <button type="button" className="icon-button" onClick={() => setColorScheme(night ? 'light' : 'dark')}>
      <span className={style.night} title={t('header.to_day')}>
        <IconSun size={ICON} aria-hidden="true" />
        <span className="unseen">{t('header.to_day')}</span>
      </span>
      <span className={style.day} title={t('header.to_night')}>
        <IconMoon size={ICON} aria-hidden="true" />
        <span className="unseen">{t('header.to_night')}</span>
      </span>
    </button>
  )
}
