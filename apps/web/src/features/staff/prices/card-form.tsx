import { useTranslation } from 'react-i18next'

import { Field } from '#ui/field.tsx'
import { BoxSet } from '../box-set.tsx'
import desk from '../desk.module.css'
import style from '../staff.module.css'
import { CLASSES, FORMATS } from './api.ts'
import { CardOffers } from './card-offers.tsx'
import { type CardValues, WEEKDAYS } from './card-values.ts'
import { useCardWords } from './words.ts'

export type Words = (pointer: string) => string | undefined
type Props = { values: CardValues; put: (part: Partial<CardValues>) => void; at: Words; currency: string }

/** When the card applies. */
const When = ({ values, put, at }: Omit<Props, 'currency'>) => {
  const { t } = useTranslation('prices')
  const words = useCardWords()
  return (
    <section className={style.section} aria-labelledby="when">
      <h2 id="when">{t('card.when')}</h2>
      <BoxSet
        legend={t('card.weekdays')}
        week
        options={WEEKDAYS.map((day) => [day, words.weekday(day), words.weekday(day, 'long')])}
        chosen={values.weekdays}
        error={at('/weekdays')}
        onChange={(weekdays) => put({ weekdays })}
      />
      <div className={desk.asks}>
        <Field
          label={t('card.from_time')}
          type="time"
          value={values.from_time}
          error={at('/from_time')}
          onChange={({ target }) => put({ from_time: target.value })}
        />
        <Field
          label={t('card.to_time')}
          type="time"
          value={values.to_time}
          error={at('/to_time')}
          onChange={({ target }) => put({ to_time: target.value })}
        />
      </div>
      <p className={style.soft}>{t('card.hours_hint')}</p>
      <BoxSet
        legend={t('card.formats')}
        options={FORMATS.map((format) => [format, t(`formats.${format}`)])}
        chosen={values.formats}
        error={at('/formats')}
        onChange={(formats) => put({ formats })}
      />
      <div className={desk.asks}>
        <Field
          label={t('card.valid_from')}
          type="date"
          value={values.valid_from}
          error={at('/valid_from')}
          onChange={({ target }) => put({ valid_from: target.value })}
        />
        <Field
          label={t('card.valid_to')}
          hint={t('card.valid_to_hint')}
          type="date"
          value={values.valid_to}
          error={at('/valid_to')}
          onChange={({ target }) => put({ valid_to: target.value })}
        />
      </div>
    </section>
  )
}

/** What it costs. */
const Costs = ({ values, put, at, currency }: Props) => {
  const { t } = useTranslation('prices')
  return (
    <section className={style.section} aria-labelledby="costs">
      <h2 id="costs">{t('card.costs', { currency })}</h2>
      <div className={desk.trio}>
        {CLASSES.map((one) => (
          <Field
            key={one}
            label={t(`classes.${one}`)}
            inputMode="decimal"
            autoComplete="off"
            value={values.prices[one]}
            error={at(`/prices/${one}`)}
            onChange={({ target }) => put({ prices: { ...values.prices, [one]: target.value } })}
          />
        ))}
      </div>
      <p className={style.soft}>{t('card.classes_hint')}</p>
    </section>
  )
}

export const CardFields = (props: Props) => {
  const { t } = useTranslation('prices')
  const { values, put, at } = props
  return (
    <>
      <Field
        label={t('card.name')}
        hint={t('card.name_hint')}
        autoComplete="off"
        value={values.name}
        error={at('/name')}
        onChange={({ target }) => put({ name: target.value })}
      />
      <div className={style.sections}>
        <When values={values} put={put} at={at} />
        <div className={desk.column}>
          <Costs {...props} />
          <CardOffers {...props} />
        </div>
      </div>
    </>
  )
}
