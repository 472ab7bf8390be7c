import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from 'react'
import { useTranslation } from 'react-i18next'
import { TransformComponent, TransformWrapper, type ReactZoomPanPinchRef } from 'react-zoom-pan-pinch'

import style from './hall-map.module.css'
import { HallPlan, type NameSeat } from './hall-plan.tsx'
import type { HallPlan as Plan, PlacedSeat } from './plan.ts'
import { movesAlongRow, seatAfter } from './roving.ts'
import { RowRails, useRails } from './row-rails.tsx'
import type { SeatStore } from './seat-store.ts'
import { bounded, centred, fitScale, maxScale, revealing, seatPixels, tapZooms, type View, zoomedAt } from './view.ts'

type Size = { width: number; height: number }
type Props = { plan: Plan; store: SeatStore; name: NameSeat; onSeat: (seat: PlacedSeat) => void; chosen: number | null }

/** Further than this between press and release is a drag. */
const DRAG_PX = 7
const ZOOM_MS = 160
const STEP = 1.5
/** Seats carry their numbers from this size on. */
const NEAR_PX = 34
/** The buttons stand below the last row of a hall that is seen whole. */
const CONTROLS_PX = 60
/** This close to the whole hall counts as seeing it whole. */
const ALMOST = 1.02

const openFrame = (frame: Size): Size => ({ width: frame.width, height: Math.max(frame.height - CONTROLS_PX, 1) })
const fitted = (plan: Plan, frame: Size) => centred(plan, openFrame(frame), fitScale(plan, openFrame(frame)))

type Transform = { positionX: number; positionY: number; scale: number }
const viewOf = ({ positionX, positionY, scale }: Transform): View => ({ x: positionX, y: positionY, scale })

const reduced = () => matchMedia('(prefers-reduced-motion: reduce)').matches
const quick = () => (reduced() ? 0 : ZOOM_MS)

const seatOf = (target: EventTarget, plan: Plan): PlacedSeat | undefined => {
  const element = target instanceof Element ? target.closest('[data-seat]') : null
  return element ? plan.seats.get(Number(element.getAttribute('data-seat'))) : undefined
}

const useFrame = () => {
  const ref = useRef<HTMLDivElement>(null)
  const [frame, setFrame] = useState<Size>()
  useEffect(() => {
    const element = ref.current
    if (!element) return undefined
    const measure = () => setFrame({ width: element.clientWidth, height: element.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, frame] as const
}

/** Keys walk from seat to seat; the view follows only when the seat would be out of sight. */
const useKeys = (plan: Plan, store: SeatStore, onSeat: Props['onSeat'], reveal: (seat: PlacedSeat) => void) => {
  const column = useRef<number>(undefined)
  return useCallback(
    (event: KeyboardEvent) => {
      const from = seatOf(event.target, plan)
      if (!from || event.altKey || event.metaKey) return
      if (event.key === ' ' || event.key === 'Enter') {
        event.preventDefault()
        if (!event.repeat) onSeat(from)
        return
      }
      const to = seatAfter(plan, from, event.key, event.ctrlKey, column.current)
      if (!to) return
      event.preventDefault()
      if (movesAlongRow(event.key)) column.current = undefined
      else column.current ??= from.cx
      store.moveTo(to.id)
      reveal(to)
      document.querySelector<SVGGElement>(`[data-seat="${to.id}"]`)?.focus({ preventScroll: true })
    },
    [plan, store, onSeat, reveal],
  )
}

const Controls = ({ zoom, fit }: { zoom: (factor: number) => void; fit: () => void }) => {
  const { t } = useTranslation('hall')
  return (
    <div className={style.controls} role="group" aria-label={t('map.zoom')}>
      <button type="button" onClick={() => zoom(STEP)} aria-label={t('map.closer')}>
        <IconPlus aria-hidden />
      </button>
      <button type="button" onClick={() => zoom(1 / STEP)} aria-label={t('map.farther')}>
        <IconMinus aria-hidden />
      </button>
      <button type="button" onClick={fit} aria-label={t('map.fit')}>
        <IconMaximize aria-hidden />
      </button>
    </div>
  )
}

/** The view's own doings: where it is, how it zooms, what a tap means at this scale. */
const useView = (plan: Plan, frame: Size | undefined) => {
  const zoomer = useRef<ReactZoomPanPinchRef>(null)
  const view = useCallback(() => {
    const state = zoomer.current?.state
    return state ? viewOf(state) : { x: 0, y: 0, scale: 1 }
  }, [])
  const show = useCallback(({ x, y, scale }: View, ms = quick()) => {
    void zoomer.current?.setTransform(x, y, scale, ms)
  }, [])
  const fit = useCallback(
    (ms?: number) => {
      if (frame) show(fitted(plan, frame), ms)
    },
    [plan, frame, show],
  )
  const reveal = useCallback(
    (seat: PlacedSeat) => {
      if (!frame) return
      show(revealing(seat, view(), plan, frame))
    },
    [plan, frame, show, view],
  )
  const zoomTo = useCallback(
    (point: { x: number; y: number }) => {
      if (frame) show(zoomedAt(point, view(), plan, frame))
    },
    [plan, frame, show, view],
  )
  const zoom = (factor: number) => {
    if (!frame) return
    const now = view()
    const whole = fitted(plan, frame)
    const scale = Math.min(now.scale * factor, maxScale(whole.scale))
    if (scale <= whole.scale) return show(whole)
    const grown = scale / now.scale
    const [cx, cy] = [frame.width / 2, frame.height / 2]
    return show(bounded({ x: cx - (cx - now.x) * grown, y: cy - (cy - now.y) * grown, scale }, plan, frame))
  }
  return { zoomer, view, fit, reveal, zoomTo, zoom }
}

/** The hall to be touched: drag, pinch, double tap, buttons and keys. Live changes never move it, and what is chosen draws no more than its seats. */
export const HallMap = memo(({ plan, store, name, onSeat, chosen }: Props) => {
  const { t } = useTranslation('hall')
  const [frameRef, frame] = useFrame()
  const { zoomer, view, fit, reveal, zoomTo, zoom } = useView(plan, frame)
  const pressed = useRef({ x: 0, y: 0 })
  const onKeyDown = useKeys(plan, store, onSeat, reveal)
  const whole = frame ? fitted(plan, frame) : { x: 0, y: 0, scale: 1 }
  const before = useRef(whole.scale)
  // A window that turns keeps a view that was moved by hand; a hall seen whole stays whole.
  useEffect(() => {
    if (view().scale <= before.current * ALMOST) fit(0)
    before.current = whole.scale
  }, [whole.scale, fit, view])
  const [near, setNear] = useState(false)
  const { left, right, follow } = useRails(plan, frame)
  const notice = useCallback(
    (now: View) => {
      setNear(seatPixels(now.scale) >= NEAR_PX)
      follow(now)
    },
    [follow],
  )
  useEffect(() => follow(view()), [follow, view])
  const rowName = useCallback((label: string) => t('seat.row', { row: label }), [t])

  const shown = useRef<number>(null)
  useEffect(() => {
    const seat = chosen === null || chosen === shown.current ? undefined : plan.seats.get(chosen)
    if (!seat) return
    shown.current = chosen
    reveal(seat)
  }, [chosen, plan, reveal])

  const onPointerDown = (event: PointerEvent) => {
    pressed.current = { x: event.clientX, y: event.clientY }
  }
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const seat = seatOf(event.target, plan)
    const dragged = Math.hypot(event.clientX - pressed.current.x, event.clientY - pressed.current.y) > DRAG_PX
    if (!seat || dragged) return
    if (tapZooms(view().scale)) {
      const box = event.currentTarget.getBoundingClientRect()
      zoomTo({ x: event.clientX - box.left, y: event.clientY - box.top })
      return
    }
    store.moveTo(seat.id)
    onSeat(seat)
  }
  const plain = useMemo(
    () => (
      <HallPlan plan={plan} store={store} name={name} rowName={rowName} label={t('map.label')} screenWord={t('map.screen')} />
    ),
    [plan, store, name, rowName, t],
  )

  return (
    <div
      className={style.frame}
      ref={frameRef}
      data-near={near}
      role="presentation"
      onPointerDownCapture={onPointerDown}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      {frame && (
        <TransformWrapper
          ref={zoomer}
          initialScale={whole.scale}
          minScale={whole.scale}
          maxScale={maxScale(whole.scale)}
          initialPositionX={whole.x}
          initialPositionY={whole.y}
          centerZoomedOut
          doubleClick={{ mode: 'zoomIn', step: 0.7, animationTime: quick() }}
          velocityAnimation={{ disabled: reduced() }}
          autoAlignment={{ disabled: reduced() }}
          onInit={({ state }) => notice(viewOf(state))}
          onTransform={(_ref, state) => notice(viewOf(state))}
        >
          <TransformComponent wrapperClass={style.wrapper ?? ''}>{plain}</TransformComponent>
        </TransformWrapper>
      )}
      <RowRails plan={plan} left={left} right={right} />
      <Controls zoom={zoom} fit={() => fit()} />
    </div>
  )
})
HallMap.displayName = 'HallMap'
