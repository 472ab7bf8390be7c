import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { KeptTicket } from '#features/orders/kept-tickets.ts'
import { money } from '#features/orders/money.ts'
import { formatShowing, useTimezone } from '#features/orders/place.ts'
import { serverOffset } from '#features/orders/server-clock.ts'
import { isApiError } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { Dialog } from '#ui/dialog.tsx'
import style from './account.module.css'
import { cancelTicket } from './api.ts'

const CURRENCY = 'UAH'

const wordFor = (error: unknown) => {
  const code = isApiError(error) ? error.code : ''
  if (code === 'tickets.too_late_to_cancel') return 'cancel.too_late'
  return code === 'tickets.already_used' ? 'cancel.used' : 'cancel.failed'
}

/** What comes back is said before anything is given up. */
export const CancelTicket = ({ ticket, session }: KeptTicket) => {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const timezone = useTimezone(session.cinema_id)
  const [open, setOpen] = useState(false)
  const [key] = useState(() => crypto.randomUUID())
  const [opened_ms] = useState(() => Date.now() + serverOffset())
  const [busy, setBusy] = useState(false)
  const amount = money(ticket.final_price, CURRENCY)
  const { returnable_until } = ticket
  if (ticket.status !== 'paid' || returnable_until === null) return null
  if (Date.parse(returnable_until) <= opened_ms) return <p className={style.soft}>{t('cancel.late')}</p>

  const confirm = async () => {
    setBusy(true)
    try {
      await cancelTicket(ticket.id, key)
      toast(t('cancel.done'), 'good')
      setOpen(false)
      await client.invalidateQueries({ queryKey: ['tickets'] })
    } catch (error) {
      toast(t(wordFor(error)), 'bad')
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button variant="subtle" size="sm" className={style.cancel ?? ''} onClick={() => setOpen(true)}>
        {t('cancel.open')}
      </Button>
      <Dialog title={t('cancel.title')} open={open} onClose={() => setOpen(false)}>
        <div className={style.confirm}>
          <p>
            <b>{t('cancel.refund', { amount })}</b>
          </p>
          <p className={style.soft}>{t('cancel.cutoff', { time: formatShowing(returnable_until, timezone) })}</p>
          <Button color="danger" onClick={() => void confirm()} loading={busy}>
            {t('cancel.confirm', { amount })}
          </Button>
          <Button variant="default" onClick={() => setOpen(false)}>
            {t('cancel.keep')}
          </Button>
        </div>
      </Dialog>
    </>
  )
}
