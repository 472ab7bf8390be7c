import { useTranslation } from 'react-i18next'

import { currentLanguage } from '#lib/i18n.ts'
import { useNow } from '#lib/use-now.ts'
import { formatAgo } from './format-ago.ts'

/** "five minutes ago", kept true while the page is open. */
export const useAgo = () => {
  const { t } = useTranslation()
  const now = useNow()
  return (moment: string) => formatAgo(currentLanguage(), moment, now) ?? t('just_now')
}
