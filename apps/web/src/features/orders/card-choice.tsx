import { IconCreditCard } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

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
    <fieldset className={style.cards}>
      <legend>{t('pay.card')}</legend>
      <p className={style.soft}>{t('pay.demo')}</p>
      <div className={style.cardList}>
        {TEST_CARDS.map((card) => (
          <label key={card} className={style.card}>
            <input type="radio" name="card" value={card} checked={card === value} onChange={() => onChange(card)} />
            <IconCreditCard size={20} aria-hidden />
            <span>{t(`card.${card}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
