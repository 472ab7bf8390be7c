import type { ReactNode } from 'react'

import style from './empty.module.css'

type Props = { title: string; hint?: string; children?: ReactNode }

/** Nothing here, and what to do about it. */
export const Empty = ({ title, hint, children }: Props) => (
  <div className={style.empty}>
    <div className={style.beam} aria-hidden="true" />
    <h2>{title}</h2>
    {hint !== undefined && <p>{hint}</p>}
    {children}
  </div>
)
