import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { money } from '#features/orders/money.ts'
import { ORDER_REASONS } from '#features/orders/promotion-reasons.ts'
import { Form } from '#ui/form.tsx'
import { DeskRefusal } from '../desk-refusal.tsx'
import desk from '../desk.module.css'
import { Figures } from '../figures.tsx'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { type Promotion, type Trial, tryPromotion } from './api.ts'

const DAYS = [1, 7, 30] as const
const CURRENCY = 'UAH'

const useReason = () => {
  const { t } = useTranslation('promotions')
  return (reason: string) => {
    const known = ORDER_REASONS.find((one) => one === reason)
    return known ? t(`reason.${known}`) : reason
  }
}

const Found = ({ trial, currency }: { trial: Trial; currency: string }) => {
  const { t } = useTranslation('promotions')
  const reasonOf = useReason()
  return (
    <>
      <Figures
        of={[
          [t('try.orders'), trial.orders],
          [t('try.lowered'), trial.lowered],
          [t('try.people'), trial.people],
          [t('try.discount'), money(trial.discount, currency)],
        ]}
      />
      <ul className={style.list}>
        {trial.largest.map(({ order_id, reference, total, discount }) => (
          <li key={order_id} className={desk.result}>
            <b>{reference}</b>
            <span className="tabular">
              {money(total, currency)} → {money(Math.round((total - discount) * 100) / 100, currency)}
            </span>
          </li>
        ))}
        {Object.entries(trial.reasons).map(([reason, count]) => (
          <li key={reason} className={desk.result}>
            <span>{reasonOf(reason)}</span>
            <b className="tabular">{count}</b>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What the promotion, as it is saved, would have done to orders of the last days. Nothing is written. */
export const DryRun = ({ promotion }: { promotion: Promotion }) => {
  const { t } = useTranslation('promotions')
  const [days, setDays] = useState('7')
  const [trial, setTrial] = useState<Trial>()
  const { busy, error, work } = useWork()
  const run = async () => setTrial(await work(() => tryPromotion(promotion.id, Number(days))))
  return (
    <section className={style.section} aria-labelledby="try">
      <h2 id="try">{t('try.title')}</h2>
      <p className={style.soft}>{t('try.text')}</p>
      <Form className={desk.run} onSubmit={run}>
        <Choice
          label={t('try.period')}
          value={days}
          options={DAYS.map((count) => [String(count), t('try.days', { count })])}
          onChange={setDays}
        />
        <Button type="submit" variant="default" loading={busy}>
          {t('try.run')}
        </Button>
      </Form>
      <DeskRefusal error={error} />
      <div role="status" className={desk.answer}>
        {trial && <Found trial={trial} currency={promotion.currency ?? CURRENCY} />}
      </div>
    </section>
  )
}
