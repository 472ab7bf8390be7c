import { PITCH } from './plan.ts'

type Size = { width: number; height: number }
export type View = { x: number; y: number; scale: number }

/** WCAG 2.5.8: smaller seats are not taken by a tap, the first tap zooms in. */
export const MIN_TARGET = 24
/** What a zooming tap makes of a seat: easy to hit with a thumb. */
const COMFORTABLE = 36
const MAX_SEAT = 72
/** A hall of few seats is not blown up beyond this. */
const MAX_FIT = 1.25

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)

export const fitScale = (plan: Size, frame: Size) =>
  plan.width > 0 && plan.height > 0 ? Math.min(frame.width / plan.width, frame.height / plan.height, MAX_FIT) : 1

export const maxScale = (fit: number) => Math.max(MAX_SEAT / PITCH, fit)

export const seatPixels = (scale: number) => PITCH * scale

/** Whether a tap at this scale means "closer" and not "this seat". */
export const tapZooms = (scale: number) => seatPixels(scale) < MIN_TARGET

export const centred = (plan: Size, frame: Size, scale: number): View => ({
  x: (frame.width - plan.width * scale) / 2,
  y: Math.max((frame.height - plan.height * scale) / 2, 0),
  scale,
})

/** Keeps the hall over the frame: no side shows emptiness while the other is cut off. */
export const bounded = (view: View, plan: Size, frame: Size): View => {
  const along = (position: number, size: number, room: number) =>
    size <= room ? (room - size) / 2 : clamp(position, room - size, 0)
  return {
    x: along(view.x, plan.width * view.scale, frame.width),
    y: along(view.y, plan.height * view.scale, frame.height),
    scale: view.scale,
  }
}

/** The view after a tap that was too coarse: the tapped point stays under the finger as far as the edges allow. */
export const zoomedAt = (point: { x: number; y: number }, view: View, plan: Size, frame: Size): View => {
  const scale = clamp(COMFORTABLE / PITCH, view.scale, maxScale(view.scale))
  const grown = scale / view.scale
  return bounded({ x: point.x - (point.x - view.x) * grown, y: point.y - (point.y - view.y) * grown, scale }, plan, frame)
}

/** The smallest move that brings a seat fully into the frame; the same view when it is there already. */
export const revealing = (seat: { cx: number; cy: number }, view: View, plan: Size, frame: Size): View => {
  const margin = PITCH * view.scale
  const shift = (position: number, at: number, room: number) => {
    const seen = position + at * view.scale
    if (seen < margin) return position + margin - seen
    return seen > room - margin ? position - (seen - room + margin) : position
  }
  const x = shift(view.x, seat.cx, frame.width)
  const y = shift(view.y, seat.cy, frame.height)
  return x === view.x && y === view.y ? view : bounded({ x, y, scale: view.scale }, plan, frame)
}
