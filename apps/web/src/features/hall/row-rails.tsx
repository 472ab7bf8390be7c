import { type RefObject, useCallback, useRef } from 'react'

import style from './hall-map.module.css'
import type { HallPlan, PlanRow } from './plan.ts'
import type { View } from './view.ts'

type Side = 'left' | 'right'
type Size = { width: number; height: number }

/** A row's own number has gone when less than this of its place is left. */
const GONE_PX = 10

const isGone = (row: PlanRow, side: Side, { x, scale }: View, { width }: Size) => {
  const place = x + row[side].x * scale
  return side === 'left' ? place < GONE_PX : place > width - GONE_PX
}

/** Rows are curved: the number stands at the height of the seat that is seen next to it. */
const heightAt = (row: PlanRow, side: Side, { x, y, scale }: View, { width }: Size) => {
  const seat =
    side === 'left' ? row.seats.find(({ cx }) => x + cx * scale > 0) : row.seats.findLast(({ cx }) => x + cx * scale < width)
  return y + (seat?.cy ?? row[side].y) * scale
}

/** The rails, and what moves them. They are moved by hand, as a drag must draw nothing anew. */
export const useRails = (plan: HallPlan, frame: Size | undefined) => {
  const left = useRef<HTMLDivElement>(null)
  const right = useRef<HTMLDivElement>(null)
  const follow = useCallback(
    (view: View) => {
      const [first] = plan.rows
      if (!frame || !first) return
      for (const [side, rail] of [['left', left.current] as const, ['right', right.current] as const]) {
        if (!rail) continue
        rail.hidden = !isGone(first, side, view, frame)
        if (rail.hidden) continue
        for (const [at, row] of plan.rows.entries()) {
          const number = rail.children[at]
          if (number instanceof HTMLElement) number.style.translate = `0 ${heightAt(row, side, view, frame)}px`
        }
      }
    },
    [plan, frame],
  )
  return { left, right, follow }
}

type Props = { plan: HallPlan; left: RefObject<HTMLDivElement | null>; right: RefObject<HTMLDivElement | null> }

/** Row numbers at the edges of a hall whose own ones are out of sight. Each seat says its row aloud already. */
export const RowRails = ({ plan, left, right }: Props) =>
  [left, right].map((rail, at) => (
    <div key={at === 0 ? 'left' : 'right'} ref={rail} className={style.rail} hidden aria-hidden="true">
      {plan.rows.map(({ label }) => (
        <span key={label}>{label}</span>
      ))}
    </div>
  ))
