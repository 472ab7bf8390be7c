import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { LANGUAGES } from '#lib/language.ts'
import { useLanguage } from '#lib/use-language.ts'
import { Field } from '#ui/field.tsx'
import { BoxSet } from '../box-set.tsx'
import desk from '../desk.module.css'
import { useMyCinemas } from '../my-cinemas.tsx'
import { typesQuery } from '../prices/api.ts'
import { WEEKDAYS } from '../prices/card-values.ts'
import { useCardWords } from '../prices/words.ts'
import style from '../staff.module.css'
import { KINDS } from './api.ts'
import { FilmSet } from './film-set.tsx'
import { type PromotionValues, SEAT_TYPES } from './promotion-values.ts'

type TextName = { [Name in keyof PromotionValues]: PromotionValues[Name] extends string ? Name : never }[keyof PromotionValues]
type Typed = Exclude<TextName, 'kind'>

export type FieldsProps = {
  values: PromotionValues
  put: (part: Partial<PromotionValues>) => void
  at: (pointer: string) => string | undefined
}

type OneProps = FieldsProps & { name: Typed; type?: 'text' | 'date' | 'time' | 'datetime-local'; hint?: string }

/** One typed value by its name. */
const One = ({ values, put, at, name, type = 'text', hint }: OneProps) => {
  const { t } = useTranslation('promotions')
  return (
    <Field
      label={t(`field.${name}`)}
      hint={hint}
      type={type}
      autoComplete="off"
      {...(type === 'text' && name !== 'codes' && { inputMode: 'decimal' as const })}
      value={values[name]}
      error={at(`/${name}`)}
      onChange={({ target }) => put({ [name]: target.value })}
    />
  )
}

const What = ({ isNew, ...props }: FieldsProps & { isNew: boolean }) => {
  const { t } = useTranslation('promotions')
  const { values, put, at } = props
  return (
    <section className={style.section} aria-labelledby="what">
      <h2 id="what">{t('part.what')}</h2>
      {isNew ? (
        <Choice
          label={t('column.kind')}
          value={values.kind}
          options={KINDS.map((kind) => [kind, t(`kind.${kind}`)])}
          onChange={(value) => put({ kind: KINDS.find((kind) => kind === value) ?? 'percent' })}
        />
      ) : (
        <p>{t(`kind.${values.kind}`)}</p>
      )}
      <div className={desk.asks}>
        {values.kind === 'fixed' ? <One {...props} name="amount" /> : <One {...props} name="percent" />}
        {values.kind === 'early_bird' && <One {...props} name="days_ahead" />}
        {values.kind === 'cheapest' && (
          <>
            <One {...props} name="free_tickets" />
            <One {...props} name="of_tickets" />
          </>
        )}
      </div>
      <One {...props} name="codes" hint={t('hint.codes')} />
      <One {...props} name="priority" hint={t('hint.priority')} />
      <div className={desk.answer}>
        {LANGUAGES.map((language) => (
          <Field
            key={language}
            label={t(`name.${language}`)}
            autoComplete="off"
            value={values.names[language]}
            error={at(`/names/${language}`)}
            onChange={({ target }) => put({ names: { ...values.names, [language]: target.value } })}
          />
        ))}
      </div>
    </section>
  )
}

const Where = (props: FieldsProps) => {
  const { t } = useTranslation(['promotions', 'hall'])
  const { values, put, at } = props
  const language = useLanguage()
  const words = useCardWords()
  const cinemas = useMyCinemas() ?? []
  const { data: types = [] } = useQuery(typesQuery)
  return (
    <section className={style.section} aria-labelledby="where">
      <h2 id="where">{t('promotions:part.where')}</h2>
      <p className={style.soft}>{t('promotions:hint.where')}</p>
      <BoxSet
        legend={t('promotions:field.cinemas')}
        options={cinemas.map(({ id, name }) => [id, name])}
        chosen={values.cinemas}
        error={at('/cinema_ids')}
        onChange={(chosen) => put({ cinemas: chosen })}
      />
      <FilmSet chosen={values.films} error={at('/movie_ids')} onChange={(films) => put({ films })} />
      <BoxSet
        legend={t('promotions:field.weekdays')}
        week
        options={WEEKDAYS.map((day) => [day, words.weekday(day), words.weekday(day, 'long')])}
        chosen={values.weekdays}
        error={at('/weekdays')}
        onChange={(weekdays) => put({ weekdays })}
      />
      <div className={desk.asks} data-wide>
        <One {...props} name="from_time" type="time" />
        <One {...props} name="until_time" type="time" />
        <One {...props} name="first_day" type="date" />
        <One {...props} name="last_day" type="date" />
      </div>
      <BoxSet
        legend={t('promotions:field.ticket_types')}
        options={types
          .filter(({ code, is_active }) => is_active || values.ticket_types.includes(code))
          .map(({ code, names }) => [code, names[language]])}
        chosen={values.ticket_types}
        error={at('/ticket_types')}
        onChange={(ticket_types) => put({ ticket_types })}
      />
      <BoxSet
        legend={t('promotions:field.seat_types')}
        options={SEAT_TYPES.map((type) => [type, t(`hall:legend.${type}`)])}
        chosen={values.seat_types}
        error={at('/seat_types')}
        onChange={(seat_types) => put({ seat_types })}
      />
    </section>
  )
}

const Limits = (props: FieldsProps) => {
  const { t } = useTranslation('promotions')
  return (
    <section className={style.section} aria-labelledby="limits">
      <h2 id="limits">{t('part.limits')}</h2>
      <div className={desk.asks}>
        <One {...props} name="minimum_tickets" />
        <One {...props} name="minimum_amount" />
        <One {...props} name="limit_total" />
        <One {...props} name="limit_per_user" />
        <One {...props} name="budget" />
      </div>
      <div className={desk.answer}>
        <One {...props} name="starts_at" type="datetime-local" />
        <One {...props} name="ends_at" type="datetime-local" />
      </div>
    </section>
  )
}

export const PromotionFields = (props: FieldsProps & { isNew: boolean }) => (
  <div className={style.sections}>
    <What {...props} />
    <div className={desk.column}>
      <Where {...props} />
      <Limits {...props} />
    </div>
  </div>
)
