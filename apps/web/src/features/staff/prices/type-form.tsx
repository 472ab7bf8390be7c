import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Switch } from '#features/account/fields.tsx'
import { Trouble } from '#features/account/trouble.tsx'
import type { Shape } from '#lib/api.ts'
import { LANGUAGES } from '#lib/language.ts'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { BoxSet } from '../box-set.tsx'
import desk from '../desk.module.css'
import style from '../staff.module.css'
import { useWork } from '../use-work.ts'
import { changeType, createType, type TicketType } from './api.ts'
import { numberOf } from './card-values.ts'
import { useFormWords } from './use-form-words.ts'

const SEATS = ['standard', 'premium', 'vip', 'sofa', 'wheelchair', 'companion'] as const
type Texts = TicketType['names']
type Values = {
  code: string
  names: Texts
  who_may_buy: Texts
  percent_off: string
  seats: (typeof SEATS)[number][]
  needs_proof: boolean
  is_active: boolean
}

const NO_TEXTS: Texts = { uk: '', ru: '', en: '' }

const valuesOf = (type: TicketType | undefined): Values => ({
  code: type?.code ?? '',
  names: type?.names ?? NO_TEXTS,
  who_may_buy: type?.who_may_buy ?? NO_TEXTS,
  percent_off: String(type?.percent_off ?? 0),
  seats: SEATS.filter((seat) => type?.seat_types?.includes(seat)),
  needs_proof: type?.needs_proof ?? false,
  is_active: type?.is_active ?? true,
})

const bodyOf = ({ code: _code, percent_off, seats, is_active: _active, ...values }: Values): Shape<'TicketTypeUpdate'> => ({
  ...values,
  percent_off: numberOf(percent_off),
  seat_types: seats.length === 0 ? null : seats,
})

type TextsProps = { name: 'names' | 'who_may_buy'; texts: Texts; at: (pointer: string) => string | undefined }

const TextFields = ({ name, texts, at, onChange }: TextsProps & { onChange: (texts: Texts) => void }) => {
  const { t } = useTranslation('prices')
  return (
    <fieldset className={desk.offer}>
      <legend>{t(`types.${name}`)}</legend>
      <div className={desk.asks}>
        {LANGUAGES.map((language) => (
          <Field
            key={language}
            label={t(`types.in_${language}`)}
            autoComplete="off"
            value={texts[language]}
            error={at(`/${name}/${language}`)}
            onChange={({ target }) => onChange({ ...texts, [language]: target.value })}
          />
        ))}
      </div>
    </fieldset>
  )
}

const useSave = (type: TicketType | undefined, values: Values, onClose: () => void) => {
  const { t } = useTranslation('prices')
  const { busy, error, work } = useWork(['staff', 'prices'], ['ticket-types'])
  const save = async () => {
    const body = bodyOf(values)
    const active = type?.is_default === true ? {} : { is_active: values.is_active }
    const saved = await work(
      () =>
        type
          ? changeType(type.id, { ...body, ...active })
          : createType({ ...body, code: values.code.trim(), names: values.names, who_may_buy: values.who_may_buy }),
      t(type ? 'types.changed' : 'types.created'),
    )
    if (saved) onClose()
  }
  return { busy, error, save }
}

type RestProps = {
  values: Values
  put: (part: Partial<Values>) => void
  at: (pointer: string) => string | undefined
  isNew: boolean
}

/** What may be said of every type but the default one. */
const Terms = ({ values, put, at, isNew }: RestProps) => {
  const { t } = useTranslation(['prices', 'hall'])
  return (
    <>
      <Field
        label={t('prices:types.percent_off')}
        hint={t('prices:types.percent_hint')}
        inputMode="decimal"
        autoComplete="off"
        value={values.percent_off}
        error={at('/percent_off')}
        onChange={({ target }) => put({ percent_off: target.value })}
      />
      <BoxSet
        legend={t('prices:types.only_seats')}
        options={SEATS.map((seat) => [seat, t(`hall:legend.${seat}`)])}
        chosen={values.seats}
        error={at('/seat_types')}
        onChange={(seats) => put({ seats })}
      />
      <Switch
        label={t('prices:types.needs_proof')}
        hint={t('prices:types.proof_hint')}
        checked={values.needs_proof}
        onChange={(needs_proof) => put({ needs_proof })}
      />
      {!isNew && (
        <Switch
          label={t('prices:types.is_sold')}
          hint={t('prices:types.retire_hint')}
          checked={values.is_active}
          onChange={(is_active) => put({ is_active })}
        />
      )}
    </>
  )
}

export const TypeForm = ({ type, onClose }: { type: TicketType | undefined; onClose: () => void }) => {
  const { t } = useTranslation(['prices', 'staff'])
  const [values, setValues] = useState(() => valuesOf(type))
  const { busy, error, save } = useSave(type, values, onClose)
  const { at, whole } = useFormWords(error)
  const put = (part: Partial<Values>) => setValues({ ...values, ...part })
  return (
    <Form className={style.form} onSubmit={save}>
      {type === undefined && (
        <Field
          label={t('prices:types.code')}
          hint={t('prices:types.code_hint')}
          autoComplete="off"
          autoCapitalize="none"
          value={values.code}
          error={at('/code')}
          onChange={({ target }) => put({ code: target.value })}
        />
      )}
      <TextFields name="names" texts={values.names} at={at} onChange={(names) => put({ names })} />
      <TextFields name="who_may_buy" texts={values.who_may_buy} at={at} onChange={(who_may_buy) => put({ who_may_buy })} />
      {type?.is_default === true ? (
        <p className={style.note}>{t('prices:types.default')}</p>
      ) : (
        <Terms values={values} put={put} at={at} isNew={type === undefined} />
      )}
      <Trouble>{whole}</Trouble>
      <Button type="submit" loading={busy}>
        {t(type ? 'staff:user.save' : 'prices:types.create')}
      </Button>
    </Form>
  )
}
