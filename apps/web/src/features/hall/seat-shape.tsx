import { PITCH, type PlacedSeat } from './plan.ts'
import type { SeatLook } from './seat-store.ts'
import style from './seat.module.css'
import type { SeatType } from './types.ts'

const RADIUS = 9

/** Both halves of a sofa are round on the outside only, so that they read as one piece. */
const sofaPath = (width: number, height: number, first: boolean) => {
  const [x, y, r] = [width / 2, height / 2, RADIUS]
  const side = first ? 1 : -1
  return `M${side * (x + 1)},${-y} L${side * (r - x)},${-y} Q${side * -x},${-y} ${side * -x},${r - y} L${side * -x},${y - r} Q${side * -x},${y} ${side * (r - x)},${y} L${side * (x + 1)},${y} Z`
}

const STAR = 'M0,-7.5 2.1,-2.6 7.4,-2.2 3.4,1.3 4.6,6.5 0,3.7 -4.6,6.5 -3.4,1.3 -7.4,-2.2 -2.1,-2.6Z'
const WHEELCHAIR = 'M-1.5,-8.5a1.8,1.8 0 1 1 .01,0M-2,-4.5V2H4L6.5,7.5M-2,-1.5H3.2M-3.8,-1A5,5 0 1 0 4,5.4'
const COMPANION = 'M-3.2,-4.4a2.6,2.6 0 1 1 .01,0M-7.6,6.5v-2a4,4 0 0 1 8.4,0v2M5.6,-2.4V3.6M2.6,.6H8.6'
const CROWN_LINE = 'M-7,-3.4H7'

const typeIcons: Partial<Record<SeatType, { d: string; filled?: boolean }>> = {
  vip: { d: STAR, filled: true },
  wheelchair: { d: WHEELCHAIR },
  companion: { d: COMPANION },
  premium: { d: CROWN_LINE },
}

const stateIcons: Partial<Record<SeatLook, string>> = {
  mine: 'M-7,.5 -2,5.5 7.5,-5',
  marking: 'M-7,.5 -2,5.5 7.5,-5',
  held: 'M-6,0h.01M0,0h.01M6,0h.01',
  sold: 'M-4.5,-4.5 4.5,4.5M4.5,-4.5 -4.5,4.5',
  blocked: 'M-8,8 8,-8',
}

const Icon = ({ type, look }: { type: SeatType; look: SeatLook }) => {
  const state = stateIcons[look]
  if (state) return <path className={style.stateIcon} d={state} />
  const icon = typeIcons[type]
  return icon ? <path className={icon.filled ? style.filledIcon : style.typeIcon} d={icon.d} /> : null
}

type Props = {
  seat: Pick<PlacedSeat, 'seat_type' | 'width' | 'height' | 'seat_number'>
  look: SeatLook
  half?: 'first' | 'second' | undefined
  numbered?: boolean
}

/** One seat, around its own middle: its kind is its shape and icon, its state its icon and colour. */
export const SeatShape = ({ seat, look, half, numbered = true }: Props) => {
  const { width, height, seat_type, seat_number } = seat
  const number = numbered && look === 'free' && (seat_type === 'standard' || seat_type === 'premium' || seat_type === 'sofa')
  return (
    <>
      <rect className={style.hit} x={-PITCH / 2} y={-PITCH / 2} width={PITCH} height={PITCH} />
      {half ? (
        <path className={style.tile} d={sofaPath(width, height, half === 'first')} />
      ) : (
        <rect className={style.tile} x={-width / 2} y={-height / 2} width={width} height={height} rx={RADIUS} />
      )}
      <Icon type={seat_type} look={look} />
      {number && (
        <text className={style.number} y={seat_type === 'premium' ? 9 : 4.5}>
          {seat_number}
        </text>
      )}
    </>
  )
}
