import { type ReactNode, useId } from 'react'

import style from './popover.module.css'

type Props = { label: string; face: ReactNode; className?: string | undefined; children: ReactNode }

/** Closes the panel that this button stands in. */
export const closePopover = (inside: HTMLElement) => inside.closest<HTMLElement>('[popover]')?.hidePopover()

/** A panel under the header, by the browser's own popover: Escape and a tap outside close it, the focus goes back. */
export const Popover = ({ label, face, className, children }: Props) => {
  const id = useId()
  return (
    <>
      <button type="button" className={className} popoverTarget={id} title={label}>
        {face} <span className="unseen">{label}</span>
      </button>
      <div id={id} popover="auto" className={style.panel}>
        {children}
      </div>
    </>
  )
}
