import { Button } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError } from '#lib/api.ts'
import { announce, toast } from '#ui/announce.ts'
import { extendHold, type Order } from './api.ts'
import { announcement, asClock, urgencyOf } from './countdown.ts'
import style from './hold-clock.module.css'
import { useCountdown } from './use-countdown.ts'

const extendedKey = (id: number) => `marquee_extended_${id}`

type Props = { order: Pick<Order, 'id' | 'expires_at'>; onOrder: ((order: Order) => void) | undefined; onOver: () => void }

/** How long the seats are kept, always in sight; more time once, before it ends, for whoever may ask for it. */
export const HoldClock = ({ order, onOrder, onOver }: Props) => {
  const { t } = useTranslation('orders')
  const [extended, setExtended] = useState(() => sessionStorage.getItem(extendedKey(order.id)) !== null)
  const [busy, setBusy] = useState(false)
  const step = useCallback(
    (before: number, after: number) => {
      const minutes = announcement(before, after)
      if (minutes) announce(t('hold.said', { count: minutes }))
      if (after === 0) onOver()
    },
    [t, onOver],
  )
  const left = useCountdown(order.expires_at, step)
  const urgency = urgencyOf(left)

  const used = () => {
    sessionStorage.setItem(extendedKey(order.id), '1')
    setExtended(true)
  }
  const extend = async () => {
    setBusy(true)
    try {
      onOrder?.(await extendHold(order.id))
      used()
      toast(t('hold.extended'), 'good')
    } catch (error) {
      if (isApiError(error) && error.code === 'orders.already_extended') used()
      toast(t(isApiError(error) && error.code === 'orders.already_extended' ? 'hold.only_once' : 'hold.not_extended'), 'bad')
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className={style.clock} data-urgency={urgency}>
      <span className={style.label}>{t('hold.label')}</span>
      <b className={style.time} role="timer" aria-label={t('hold.left', { time: asClock(left) })}>
        {asClock(left)}
      </b>
      {urgency !== 'calm' && urgency !== 'over' && !extended && onOrder && (
        <Button variant="light" size="compact-md" onClick={() => void extend()} loading={busy}>
          {t('hold.extend')}
        </Button>
      )}
    </div>
  )
}
