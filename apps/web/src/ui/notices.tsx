import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

import { dismiss, noticeStore } from './announce.ts'
import style from './notices.module.css'

/** The live regions: toasts for eyes and ears, and a voice for the ears alone. Always in the page, so that readers watch it. */
export const Notices = () => {
  const { t } = useTranslation()
  const notices = useSyncExternalStore(noticeStore.subscribe, noticeStore.get, noticeStore.get)
  return (
    <>
      <div id="voice" className="unseen" role="status" aria-live="polite" />
      <div className={style.stack} role="status" aria-live="polite">
        {notices.map(({ id, text, tone }) => (
          <div key={id} className={style.notice} data-tone={tone}>
            <span>{text}</span>
            <button type="button" onClick={() => dismiss(id)} aria-label={t('close')}>
              ×
            </button>
          </div>
        ))}
      </div>
    </>
  )
}
