import { useTranslation } from 'react-i18next'

import { LongField } from '#features/account/fields.tsx'

const MOST = 500

/** What holders are told besides what has changed: it stands in their mail as it is written. */
export const NoticeField = ({ value, onChange }: { value: string; onChange: (notice: string) => void }) => {
  const { t } = useTranslation('desk')
  return <LongField label={t('notice.label')} hint={t('notice.hint')} maxLength={MOST} value={value} onChange={onChange} />
}

/** Nothing is said where nothing was written. */
export const noticeIn = (text: string) => (text.trim() === '' ? {} : { notice: text.trim() })
