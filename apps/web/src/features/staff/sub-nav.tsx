import { type ReactNode, useEffect, useRef } from 'react'

import style from './desk.module.css'

/** The pages of one section, side by side. */
export const SubNav = ({ label, children }: { label: string; children: ReactNode }) => {
  const nav = useRef<HTMLElement>(null)
  // On a narrow screen the open page may lie beyond the edge.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [])
  return (
    <nav ref={nav} className={style.tabs} aria-label={label}>
      {children}
    </nav>
  )
}
