import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import style from './dialog.module.css'
import { Notices } from './notices.tsx'

type Props = { title: string; open: boolean; onClose: () => void; wide?: boolean; children: ReactNode }

/** The browser's own dialog: the focus stays inside and returns, Escape and a tap on the veil close it. */
export const Dialog = ({ title, open, onClose, wide = false, children }: Props) => {
  const { t } = useTranslation()
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open && !box.current?.open) box.current?.showModal()
    if (!open) box.current?.close()
  }, [open])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- the veil belongs to the dialog; Escape is its key
    <dialog
      ref={box}
      className={style.dialog}
      data-wide={wide}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === box.current && onClose()}
    >
      {open && (
        <div className={style.body}>
          <header className={style.head}>
            <h2>{title}</h2>
            <button type="button" className="icon-button" onClick={onClose} aria-label={t('close')}>
              ×
            </button>
          </header>
          {children}
          <Notices />
        </div>
      )}
    </dialog>
  )
}
