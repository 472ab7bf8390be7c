import { useTranslation } from 'react-i18next'

import option from './option.module.css'
import style from './pay.module.css'

export const TEST_CARDS = [
  'tok_ok',
  'tok_insufficient_funds',
  'tok_card_declined',
  'tok_expired_card',
  'tok_slow',
  'tok_async',
] as const
export type TestCard = (typeof TEST_CARDS)[number]

/** The cards of the mock provider: the demo says what each will do. */
export const CardChoice = ({ value, onChange }: { value: TestCard; onChange: (card: TestCard) => void }) => {
  const { t } = useTranslation('orders')
  return (
    <fieldset className={option.options}>
      <legend>{t('pay.card')}</legend>
      <p className="fine">{t('pay.demo')}</p>
      <div className={style.cardList}>
        {TEST_CARDS.map((card) => (
          <label key={card} className={option.option}>
            <input type="radio" name="card" value={card} checked={card === value} onChange={() => onChange(card)} />
            <span>{t(`card.${card}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
