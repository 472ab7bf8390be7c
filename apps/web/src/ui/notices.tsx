import { useEffect, useId, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

import { dismiss, noticeStore, openPlace } from './announce.ts'
import style from './notices.module.css'

/** The live regions: toasts for eyes and ears, and a voice for the ears alone. Always in the page, so that readers watch it. */
export const Notices = () => {
  const { t } = useTranslation()
  const id = useId()
  useEffect(() => openPlace(id), [id])
  const speaks = useSyncExternalStore(noticeStore.subscribe, noticeStore.place, noticeStore.place) === id
  const notices = useSyncExternalStore(noticeStore.subscribe, noticeStore.get, noticeStore.get)
  return (
    <>
      <div data-voice={speaks} className="unseen" role="status" aria-live="polite" />
      <div className={style.stack} role="status" aria-live="polite">
        {speaks &&
          notices.map((notice) => (
            <div key={notice.id} className={style.notice} data-tone={notice.tone}>
              <span>{notice.text}</span>
              <button type="button" onClick={() => dismiss(notice.id)} aria-label={t('close')}>
                ×
              </button>
            </div>
          ))}
      </div>
    </>
  )
}
