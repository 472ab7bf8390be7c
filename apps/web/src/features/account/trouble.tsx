import type { ReactNode } from 'react'

import style from './trouble.module.css'

/** What went wrong, read out when it comes. Always in the page, so that readers watch it. */
export const Trouble = ({ children }: { children?: ReactNode }) => (
  <div role="alert" className={style.trouble}>
    {typeof children === 'string' ? <p>{children}</p> : children}
  </div>
)
