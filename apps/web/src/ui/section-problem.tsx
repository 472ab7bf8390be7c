import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { Empty } from './empty.tsx'

/** A part of a page that could not be fetched; the rest of the page stays. */
export const SectionProblem = ({ error, retry }: { error: Error; retry: () => void }) => {
  const { t } = useTranslation()
  const away = !isApiError(error) || error.status === 0 || error.status >= 500
  return (
    <div role="alert">
      <Empty title={t(away ? 'problem.away' : 'problem.broken')} hint={t('problem.section_hint')}>
        <Button size="md" onClick={retry}>
          {t('retry')}
        </Button>
      </Empty>
    </div>
  )
}
