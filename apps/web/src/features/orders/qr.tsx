import encodeQR from 'qr'
import { useMemo } from 'react'

import style from './ticket.module.css'

const QUIET = 3

/** Dark modules as one path: sharp at every size, and small. */
const pathOf = (rows: readonly (readonly boolean[])[]) =>
  rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET},${y + QUIET}h1v1h-1z` : ''))).join('')

/** The door reads it at arm's length: a light field in both schemes. */
export const Qr = ({ code, label }: { code: string; label: string }) => {
  const { path, size } = useMemo(() => {
    const rows = encodeQR(code, 'raw', { ecc: 'medium', border: 1 })
    return { path: pathOf(rows), size: rows.length + 2 * QUIET }
  }, [code])
  return (
    <svg className={style.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} className={style.qrField} />
      <path d={path} className={style.qrInk} />
    </svg>
  )
}
