import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { Trouble } from '#features/account/trouble.tsx'
import { formatMoney } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import desk from '../desk.module.css'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { changeRules, type PriceRules } from './api.ts'
import { numberOf } from './card-values.ts'
import { useFormWords } from './use-form-words.ts'

const CHANNELS = ['web', 'counter'] as const
const PARTS = ['per_ticket', 'per_order'] as const
const TAXES = ['none', 'included', 'added'] as const
const ROUNDINGS = ['half_up', 'half_even', 'up', 'down'] as const
const STEPS = [0.01, 0.05, 0.1, 0.5, 1] as const

type Fees = Record<(typeof CHANNELS)[number], Record<(typeof PARTS)[number], string>>
type Values = {
  fees: Fees
  tax: { mode: (typeof TAXES)[number]; name: string; percent: string }
  rounding: PriceRules['rounding']
}

const typed = ({ per_ticket, per_order }: PriceRules['fees']['web']) => ({
  per_ticket: String(per_ticket),
  per_order: String(per_order),
})
const valuesOf = ({ fees, tax, rounding }: PriceRules): Values => ({
  fees: { web: typed(fees.web), counter: typed(fees.counter) },
  tax: { ...tax, percent: String(tax.percent) },
  rounding,
})

const sums = ({ per_ticket, per_order }: Fees['web']) => ({ per_ticket: numberOf(per_ticket), per_order: numberOf(per_order) })
const bodyOf = ({ fees, tax, rounding }: Values) => ({
  fees: { web: sums(fees.web), counter: sums(fees.counter) },
  tax: { ...tax, percent: numberOf(tax.percent) },
  rounding,
})

type Part = { values: Values; put: (part: Partial<Values>) => void; at: (pointer: string) => string | undefined }

const FeeFields = ({ values: { fees }, put, at }: Part) => {
  const { t } = useTranslation('prices')
  return CHANNELS.map((channel) => (
    <fieldset key={channel} className={desk.offer}>
      <legend>{t(`rules.${channel}`)}</legend>
      <div className={desk.asks}>
        {PARTS.map((part) => (
          <Field
            key={part}
            label={t(`rules.${part}`)}
            inputMode="decimal"
            autoComplete="off"
            value={fees[channel][part]}
            error={at(`/fees/${channel}/${part}`)}
            onChange={({ target }) => put({ fees: { ...fees, [channel]: { ...fees[channel], [part]: target.value } } })}
          />
        ))}
      </div>
    </fieldset>
  ))
}

const TaxFields = ({ values: { tax }, put, at }: Part) => {
  const { t } = useTranslation('prices')
  return (
    <>
      <Choice
        label={t('rules.tax')}
        value={tax.mode}
        options={TAXES.map((mode) => [mode, t(`rules.tax_${mode}`)])}
        onChange={(value) => put({ tax: { ...tax, mode: TAXES.find((mode) => mode === value) ?? 'none' } })}
      />
      {tax.mode !== 'none' && (
        <div className={desk.asks}>
          <Field
            label={t('rules.tax_name')}
            autoComplete="off"
            value={tax.name}
            error={at('/tax/name')}
            onChange={({ target }) => put({ tax: { ...tax, name: target.value } })}
          />
          <Field
            label={t('rules.tax_percent')}
            inputMode="decimal"
            autoComplete="off"
            value={tax.percent}
            error={at('/tax/percent')}
            onChange={({ target }) => put({ tax: { ...tax, percent: target.value } })}
          />
        </div>
      )}
    </>
  )
}

const RoundingFields = ({ values: { rounding }, put, currency }: Omit<Part, 'at'> & { currency: string }) => {
  const { t } = useTranslation('prices')
  const language = useLanguage()
  return (
    <div className={desk.asks} data-wide>
      <Choice
        label={t('rules.rounding')}
        value={rounding.mode}
        options={ROUNDINGS.map((mode) => [mode, t(`rules.round_${mode}`)])}
        onChange={(value) => put({ rounding: { ...rounding, mode: ROUNDINGS.find((mode) => mode === value) ?? 'half_up' } })}
      />
      <Choice
        label={t('rules.step')}
        value={String(rounding.step)}
        options={STEPS.map((step) => [String(step), formatMoney(language, step, currency)])}
        onChange={(value) => put({ rounding: { ...rounding, step: STEPS.find((step) => String(step) === value) ?? 1 } })}
      />
    </div>
  )
}

/** What the cinema adds to its tickets. */
export const RulesForm = ({ rules, currency }: { rules: PriceRules; currency: string }) => {
  const { t } = useTranslation(['prices', 'staff'])
  const [values, setValues] = useState(() => valuesOf(rules))
  const { busy, error, work } = useWork(['staff', 'prices'])
  const { at, whole } = useFormWords(error)
  const put = (part: Partial<Values>) => setValues({ ...values, ...part })
  return (
    <Form
      className={style.section}
      onSubmit={() => work(() => changeRules(rules.cinema_id, bodyOf(values)), t('prices:rules.saved'))}
    >
      <h2>{t('prices:rules.title', { currency })}</h2>
      <FeeFields values={values} put={put} at={at} />
      <TaxFields values={values} put={put} at={at} />
      <RoundingFields values={values} put={put} currency={currency} />
      <p className={style.soft}>{t('prices:rules.consequence')}</p>
      <Trouble>{whole}</Trouble>
      <Button type="submit" loading={busy}>
        {t('staff:user.save')}
      </Button>
    </Form>
  )
}
