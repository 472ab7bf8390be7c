import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Switch } from '#features/account/fields.tsx'
import { Trouble } from '#features/account/trouble.tsx'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import desk from '../desk.module.css'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { changePolicy, type Policy } from './api.ts'
import { numberOf } from './card-values.ts'
import { useFormWords } from './use-form-words.ts'

/** On which terms tickets are taken back: for orders made from now on. */
export const PolicyForm = ({ policy }: { policy: Policy }) => {
  const { t } = useTranslation(['prices', 'staff'])
  const [values, setValues] = useState({
    cutoff: String(policy.cutoff_minutes),
    ticket: String(policy.charge_per_ticket),
    percent: String(policy.charge_percent),
    returns_fees: policy.returns_fees,
  })
  const { busy, error, work } = useWork(['staff', 'prices'])
  const { at, whole } = useFormWords(error)
  const put = (part: Partial<typeof values>) => setValues((now) => ({ ...now, ...part }))
  const body = () => ({
    cutoff_minutes: numberOf(values.cutoff),
    returns_fees: values.returns_fees,
    charge_per_ticket: numberOf(values.ticket),
    charge_percent: numberOf(values.percent),
  })
  return (
    <Form className={style.section} onSubmit={() => work(() => changePolicy(policy.cinema_id, body()), t('prices:policy.saved'))}>
      <h2>{t('prices:policy.title')}</h2>
      <Field
        label={t('prices:policy.cutoff')}
        hint={t('prices:policy.cutoff_hint')}
        inputMode="numeric"
        value={values.cutoff}
        error={at('/cutoff_minutes')}
        onChange={({ target }) => put({ cutoff: target.value })}
      />
      <div className={desk.asks}>
        <Field
          label={t('prices:policy.per_ticket', { currency: policy.currency })}
          inputMode="decimal"
          value={values.ticket}
          error={at('/charge_per_ticket')}
          onChange={({ target }) => put({ ticket: target.value })}
        />
        <Field
          label={t('prices:policy.percent')}
          inputMode="numeric"
          value={values.percent}
          error={at('/charge_percent')}
          onChange={({ target }) => put({ percent: target.value })}
        />
      </div>
      <p className={style.soft}>{t('prices:policy.one_way')}</p>
      <Switch
        label={t('prices:policy.returns_fees')}
        checked={values.returns_fees}
        onChange={(returns_fees) => put({ returns_fees })}
      />
      <p className={style.soft}>{t('prices:policy.consequence')}</p>
      <Trouble>{whole}</Trouble>
      <Button type="submit" loading={busy}>
        {t('staff:user.save')}
      </Button>
    </Form>
  )
}
