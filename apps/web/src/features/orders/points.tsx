import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { loyaltyQuery } from '#features/account/loyalty-api.ts'
import { isApiError, type Shape } from '#lib/api.ts'
import { Form } from '#ui/form.tsx'
import type { Order } from './api.ts'
import { money } from './money.ts'
import { putPoints } from './reductions-api.ts'
import style from './reductions.module.css'
import type { PutProps } from './reductions.tsx'

/** So many points at most: those of the account, and the part of the order that they may pay. */
export const mostPoints = (
  { items, points }: Pick<Order, 'items' | 'points'>,
  { points: own, point_value, cap_percent }: Pick<Shape<'Loyalty'>, 'points' | 'point_value' | 'cap_percent'>,
): number => {
  const left = items.filter(({ is_canceled }) => !is_canceled).reduce((sum, { total }) => sum + total, 0)
  // What points have paid already is a part of what they may pay.
  const price = left + points * point_value
  return Math.max(0, Math.min(own + points, Math.floor((price * cap_percent) / 100 / point_value + 1e-9)))
}

const wordsFor = (error: unknown) => {
  const code = isApiError(error) ? error.code : ''
  if (code === 'loyalty.over_cap') return 'points.over_cap'
  if (code === 'loyalty.not_enough_points') return 'points.not_enough'
  return code === 'orders.payment_in_progress' ? 'promo.paying' : 'promo.failed'
}

const Choice = ({ order, loyalty, busy, put }: PutProps & { loyalty: Shape<'Loyalty'> }) => {
  const { t } = useTranslation('orders')
  const id = useId()
  const most = mostPoints(order, loyalty)
  const [wanted, setWanted] = useState(order.points)
  const [wrong, setWrong] = useState<string>()
  const { currency, point_value, points, cap_percent } = loyalty
  const use = async (number: number) => {
    setWrong(undefined)
    try {
      await put(() => putPoints(order.id, number))
      setWanted(number)
    } catch (error) {
      setWrong(t(wordsFor(error)))
    }
  }
  return (
    <Form onSubmit={() => use(wanted)} className={style.points}>
      <label htmlFor={id}>
        <b>{t('points.title')}</b>
        <span>
          {t('points.have', { count: points + order.points, amount: money((points + order.points) * point_value, currency) })}
        </span>
      </label>
      <div className={style.slide}>
        <input
          id={id}
          type="range"
          min={0}
          max={most}
          step={1}
          value={Math.min(wanted, most)}
          aria-valuetext={t('points.use', { count: wanted, amount: money(wanted * point_value, currency) })}
          onChange={({ target }) => setWanted(Number(target.value))}
        />
        <output htmlFor={id}>
          {t('points.use', { count: Math.min(wanted, most), amount: money(Math.min(wanted, most) * point_value, currency) })}
        </output>
      </div>
      <p className={style.soft}>{t('points.cap', { percent: cap_percent })}</p>
      {wrong !== undefined && (
        <p role="alert" className={style.wrong}>
          {wrong}
        </p>
      )}
      <div className={style.buttons}>
        <Button type="submit" variant="default" size="sm" loading={busy} disabled={wanted === order.points}>
          {t('points.submit')}
        </Button>
        {order.points > 0 && (
          <Button variant="subtle" size="sm" disabled={busy} onClick={() => void use(0)}>
            {t('points.none')}
          </Button>
        )}
      </div>
    </Form>
  )
}

/** How much of my balance pays a part of this order. Whoever has no points sees nothing. */
export const Points = (props: PutProps) => {
  const { data: loyalty } = useQuery(loyaltyQuery)
  const { order } = props
  if (!loyalty || loyalty.points + order.points === 0 || loyalty.currency !== order.currency) return null
  return <Choice {...props} loyalty={loyalty} />
}
