import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconMoon, IconSun } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

const ICON = 22

export const SchemeButton = () => {
  const { t } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const night = useComputedColorScheme('dark') === 'dark'
  const label = t(night ? 'header.to_day' : 'header.to_night')
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(night ? 'light' : 'dark')}
    >
      {night ? <IconSun size={ICON} aria-hidden="true" /> : <IconMoon size={ICON} aria-hidden="true" />}
    </button>
  )
}
