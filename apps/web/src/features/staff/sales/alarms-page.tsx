import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { useLanguage } from '#lib/use-language.ts'
import { Dialog } from '#ui/dialog.tsx'
import { Empty } from '#ui/empty.tsx'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { DeskRefusal } from '../desk-refusal.tsx'
import desk from '../desk.module.css'
import { formatStamp } from '../format-stamp.ts'
import { LoadedList } from '../loaded-list.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { AlarmFacts } from './alarm-facts.tsx'
import { type Alarm, ALARM_STATES, alarmsQuery, resolveAlarm } from './api.ts'
import { OrderLink } from './order-link.tsx'
import { SalesFrame } from './sales-frame.tsx'

const KINDS = [
  'books_differ',
  'dispute',
  'refund_refused',
  'refund_stuck',
  'refund_returned',
  'wrong_amount',
  'hand_out_money',
  'overdue',
] as const

const useKind = () => {
  const { t } = useTranslation('sales')
  return (kind: string) => {
    const known = KINDS.find((one) => one === kind)
    return known ? t(`alarm.${known}`) : kind
  }
}

const Resolve = ({ alarm, onClose }: { alarm: Alarm; onClose: () => void }) => {
  const { t } = useTranslation(['sales', 'staff'])
  const [reason, setReason] = useState('')
  const { busy, error, work } = useWork(['staff', 'sales', 'alarms'])
  const close = async () => {
    if (reason.trim() === '') return
    const done = await work(() => resolveAlarm(alarm.id, reason.trim()), t('sales:alarm_done'))
    if (done) onClose()
  }
  return (
    <Form className={style.form} onSubmit={close}>
      <p>{t('sales:alarm_consequence')}</p>
      <Field
        label={t('sales:alarm_reason')}
        hint={t('sales:alarm_hint')}
        maxLength={500}
        autoComplete="off"
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <DeskRefusal error={error} />
      <Button type="submit" loading={busy} disabled={reason.trim() === ''}>
        {t('sales:alarm_submit')}
      </Button>
      <Button variant="default" onClick={onClose}>
        {t('staff:cancel')}
      </Button>
    </Form>
  )
}

const AlarmRow = ({ alarm, onResolve }: { alarm: Alarm; onResolve: () => void }) => {
  const { t } = useTranslation('sales')
  const language = useLanguage()
  const kindOf = useKind()
  return (
    <li className={style.section}>
      <h3>{kindOf(alarm.kind)}</h3>
      <p className={style.soft}>
        {formatStamp(language, alarm.created_at)}
        {alarm.payment_id !== null && ` · ${t('payment', { id: alarm.payment_id })}`}
        {alarm.reference !== null && ` · ${alarm.reference}`}
        {alarm.order_id !== null && alarm.order_reference !== null && (
          <>
            {' · '}
            <OrderLink id={alarm.order_id} reference={alarm.order_reference} isRow />
          </>
        )}
      </p>
      <AlarmFacts alarm={alarm} />
      {alarm.resolved_at === null ? (
        <Button variant="default" onClick={onResolve}>
          {t('alarm_close')}
        </Button>
      ) : (
        <p className={style.note}>
          {formatStamp(language, alarm.resolved_at)}: {alarm.resolution}
        </p>
      )}
    </li>
  )
}

export const AlarmsPage = () => {
  const { t } = useTranslation('sales')
  const { status } = useSearch({ from: '/staff/sales/alarms' })
  const navigate = useNavigate({ from: '/staff/sales/alarms' })
  const query = useInfiniteQuery(alarmsQuery(status))
  const [open, setOpen] = useState<Alarm>()
  return (
    <SalesFrame name="alarms">
      <div className={desk.pick}>
        <Choice
          label={t('column.state')}
          value={status ?? 'open'}
          options={ALARM_STATES.map((state) => [state, t(`alarm_state.${state}`)])}
          onChange={(state) => void navigate({ search: { status: state }, replace: true, resetScroll: false })}
        />
      </div>
      <LoadedList query={query} empty={<Empty title={t('alarm_none')} hint={t('alarm_none_hint')} />}>
        {(alarms) => (
          <ul className={desk.stack}>
            {alarms.map((alarm) => (
              <AlarmRow key={alarm.id} alarm={alarm} onResolve={() => setOpen(alarm)} />
            ))}
          </ul>
        )}
      </LoadedList>
      <Dialog title={t('alarm_submit')} open={open !== undefined} onClose={() => setOpen(undefined)}>
        {open && <Resolve alarm={open} onClose={() => setOpen(undefined)} />}
      </Dialog>
    </SalesFrame>
  )
}
