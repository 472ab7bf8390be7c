import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { useLanguage } from '#lib/use-language.ts'
import { Field } from '#ui/field.tsx'
import desk from '../desk.module.css'
import style from '../staff.module.css'
import { CLASSES, type TicketType, typesQuery } from './api.ts'
import type { Words } from './card-form.tsx'
import { bodyOf, type CardValues, isWay, NO_OFFER, type Offer, WAYS } from './card-values.ts'

type OfferProps = { type: TicketType; offer: Offer; error: string | undefined; onChange: (offer: Offer) => void }

const OfferOf = ({ type, offer, error, onChange }: OfferProps) => {
  const { t } = useTranslation('prices')
  const language = useLanguage()
  const name = type.names[language]
  const isPart = offer.way === 'amount_off' || offer.way === 'percent_off'
  return (
    <fieldset className={desk.offer}>
      <legend>{name}</legend>
      <Choice
        label={t('offer.way')}
        value={offer.way}
        options={WAYS.map((way) => [way, way === 'usual' ? t('offer.usual', { percent: type.percent_off }) : t(`offer.${way}`)])}
        onChange={(way) => isWay(way) && onChange({ ...offer, way })}
      />
      {isPart && (
        <Field
          label={t(offer.way === 'percent_off' ? 'offer.percent' : 'offer.amount')}
          inputMode="decimal"
          autoComplete="off"
          value={offer.amount}
          error={error}
          onChange={({ target }) => onChange({ ...offer, amount: target.value })}
        />
      )}
      {offer.way === 'price' && (
        <div className={desk.trio}>
          {CLASSES.map((one) => (
            <Field
              key={one}
              label={t(`classes.${one}`)}
              inputMode="decimal"
              autoComplete="off"
              value={offer.prices[one]}
              error={error}
              onChange={({ target }) => onChange({ ...offer, prices: { ...offer.prices, [one]: target.value } })}
            />
          ))}
        </div>
      )}
    </fieldset>
  )
}

type Props = { values: CardValues; put: (part: Partial<CardValues>) => void; at: Words }

/** What each type of ticket costs at these hours. The default type costs what the seat does. */
export const CardOffers = ({ values, put, at }: Props) => {
  const { t } = useTranslation('prices')
  const { data: types = [] } = useQuery(typesQuery)
  const said = bodyOf(values).ticket_types ?? []
  return (
    <section className={style.section} aria-labelledby="offers">
      <h2 id="offers">{t('offer.title')}</h2>
      <p className={style.soft}>{t('offer.hint')}</p>
      {types
        .filter((type) => !type.is_default && (type.is_active || values.offers[type.code] !== undefined))
        .map((type) => (
          <OfferOf
            key={type.code}
            type={type}
            offer={values.offers[type.code] ?? NO_OFFER}
            error={at(`/ticket_types/${said.findIndex(({ ticket_type }) => ticket_type === type.code)}`)}
            onChange={(offer) => put({ offers: { ...values.offers, [type.code]: offer } })}
          />
        ))}
    </section>
  )
}
