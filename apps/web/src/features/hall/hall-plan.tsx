import { memo, useMemo, useSyncExternalStore } from 'react'

import style from './hall-map.module.css'
import type { HallPlan as Plan, PlacedSeat, PlanRow } from './plan.ts'
import { PITCH } from './plan.ts'
import { SeatShape } from './seat-shape.tsx'
import type { SeatLook, SeatStore } from './seat-store.ts'
import seatStyle from './seat.module.css'

/** How a seat is called aloud: "Row 5, seat 12, VIP, 220 ₴, free". */
export type NameSeat = (seat: PlacedSeat, look: SeatLook) => string

const takes = new Set<SeatLook>(['mine', 'marking'])
const refuses = new Set<SeatLook>(['held', 'sold', 'blocked'])

type SeatProps = { seat: PlacedSeat; half: 'first' | 'second' | undefined; state: string; name: NameSeat }

/** Drawn anew only when its own state is another. It has no hooks: there may be a thousand. */
const Seat = memo(({ seat, half, state, name }: SeatProps) => {
  const [look, tab] = state.split(':') as [SeatLook, string | undefined]
  const turn = seat.rotation === 0 ? '' : ` rotate(${seat.rotation})`
  return (
    <g
      role="checkbox"
      aria-checked={takes.has(look)}
      aria-disabled={refuses.has(look)}
      aria-label={name(seat, look)}
      tabIndex={tab ? 0 : -1}
      className={seatStyle.seat}
      data-seat={seat.id}
      data-look={look}
      data-type={seat.seat_type}
      transform={`translate(${seat.cx} ${seat.cy})${turn}`}
    >
      <SeatShape seat={seat} look={look} half={half} />
    </g>
  )
})
Seat.displayName = 'Seat'

const halfOf = (row: PlanRow, seat: PlacedSeat): 'first' | 'second' | undefined => {
  if (seat.seat_type !== 'sofa' || seat.pair_id === null) return undefined
  const [first, second] = row.seats.filter(({ pair_id }) => pair_id === seat.pair_id)
  if (!second) return undefined
  return first?.id === seat.id ? 'first' : 'second'
}

type RowProps = { row: PlanRow; store: SeatStore; name: NameSeat; rowName: (label: string) => string }

const BETWEEN = ' '

/** Listens for all of its seats: a change in another row draws nothing here. */
const Row = memo(({ row, store, name, rowName }: RowProps) => {
  const ids = useMemo(() => row.seats.map(({ id }) => id), [row])
  const subscribe = useMemo(() => store.subscribeAny(ids), [store, ids])
  const states = useSyncExternalStore(subscribe, () => ids.map(store.snapshot).join(BETWEEN)).split(BETWEEN)
  return (
    <g role="group" aria-label={rowName(row.label)}>
      <text className={style.rowLabel} x={row.left.x} y={row.left.y} aria-hidden="true">
        {row.label}
      </text>
      {row.seats.map((seat, at) => (
        <Seat key={seat.id} seat={seat} half={halfOf(row, seat)} state={states[at] ?? ''} name={name} />
      ))}
      <text className={style.rowLabel} x={row.right.x} y={row.right.y} aria-hidden="true">
        {row.label}
      </text>
    </g>
  )
})
Row.displayName = 'Row'

const curveOf = ({ left, middle, right }: Plan['screen']) => `M${left.x},${left.y} Q${middle.x},${middle.y} ${right.x},${right.y}`

/** The screen glows: wide faint strokes under a bright one, which zoom without a filter's cost. */
const Screen = ({ plan, word }: { plan: Plan; word: string }) => {
  const { left, middle } = plan.screen
  const curve = curveOf(plan.screen)
  return (
    <g aria-hidden="true">
      {[34, 24, 15].map((width) => (
        <path key={width} className={style.screenGlow} d={curve} strokeWidth={width} />
      ))}
      <path className={style.screen} d={curve} />
      <text className={style.screenWord} x={middle.x} y={left.y + PITCH * 0.62}>
        {word}
      </text>
    </g>
  )
}

/** Its light lies over the first rows and lets every tap through. */
const Light = ({ plan }: { plan: Plan }) => {
  const { left, middle, right } = plan.screen
  const reach = plan.front + PITCH * 2.6 - left.y
  return (
    <g aria-hidden="true" pointerEvents="none">
      <defs>
        <radialGradient id="screen-light">
          <stop offset="0" className={style.lightNear} />
          <stop offset="0.5" className={style.lightMiddle} />
          <stop offset="1" className={style.lightFar} />
        </radialGradient>
        <clipPath id="before-the-screen">
          <path d={`${curveOf(plan.screen)} L${plan.width},${left.y} V${plan.height} H0 V${left.y} Z`} />
        </clipPath>
      </defs>
      <ellipse
        clipPath="url(#before-the-screen)"
        cx={middle.x}
        cy={left.y}
        rx={(right.x - left.x) * 0.62}
        ry={reach}
        fill="url(#screen-light)"
      />
    </g>
  )
}

type Props = {
  plan: Plan
  store: SeatStore
  name: NameSeat
  rowName: (label: string) => string
  label: string
  screenWord: string
}

export const HallPlan = memo(({ plan, store, name, rowName, label, screenWord }: Props) => (
  <svg
    className={style.plan}
    width={plan.width}
    height={plan.height}
    viewBox={`0 0 ${plan.width} ${plan.height}`}
    role="group"
    aria-label={label}
    focusable="false"
  >
    <Screen plan={plan} word={screenWord} />
    {plan.rows.map((row) => (
      <Row key={row.label} row={row} store={store} name={name} rowName={rowName} />
    ))}
    <Light plan={plan} />
  </svg>
))
HallPlan.displayName = 'HallPlan'
