import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { useUser } from '#features/account/session.ts'
import type { Order } from './api.ts'
import { Points } from './points.tsx'
import { PromoCode } from './promo-code.tsx'
import style from './reductions.module.css'

/** What makes the order cheaper, beside its total: a code behind a link, and points of an account. */
export const Reductions = ({ order }: { order: Order }) => {
  const client = useQueryClient()
  const user = useUser()
  const [busy, setBusy] = useState(false)
  const put = async (change: () => Promise<Order>) => {
    setBusy(true)
    try {
      client.setQueryData(['orders', order.reference], await change())
    } finally {
      setBusy(false)
      await client.invalidateQueries({ queryKey: ['loyalty'] })
    }
  }
  return (
    <div className={style.reductions}>
      <PromoCode order={order} busy={busy} put={put} />
      {user && <Points order={order} busy={busy} put={put} />}
    </div>
  )
}

export type PutProps = { order: Order; busy: boolean; put: (change: () => Promise<Order>) => Promise<void> }
