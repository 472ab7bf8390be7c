import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import desk from '../desk.module.css'
import style from '../staff.module.css'
import { CLASSES, type PriceCard } from './api.ts'
import { useCardWords } from './words.ts'

/** When each card applies and what it costs; the name leads to the rest. */
export const CardTable = ({ cards, currency }: { cards: PriceCard[]; currency: string }) => {
  const { t } = useTranslation('prices')
  const words = useCardWords()
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{t('cards.card')}</th>
          <th scope="col">{t('cards.days')}</th>
          <th scope="col">{t('cards.hours')}</th>
          <th scope="col">{t('cards.formats')}</th>
          {CLASSES.map((one) => (
            <th key={one} scope="col" className={desk.number}>
              {t(`classes.${one}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cards.map((card) => (
          <tr key={card.id}>
            <th scope="row">
              <Link to="/staff/prices/$card_id" params={{ card_id: String(card.id) }} data-row>
                {card.name}
              </Link>
              <small>{words.valid(card)}</small>
            </th>
            <td>{words.weekdays(card.weekdays)}</td>
            <td className="tabular">{words.hours(card)}</td>
            <td>{card.formats.map((format) => t(`formats.${format}`)).join(', ')}</td>
            {CLASSES.map((one) => (
              <td key={one} className={desk.number}>
                {money(card.prices[one], currency)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
