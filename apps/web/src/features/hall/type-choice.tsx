import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { currentLanguage } from '#lib/i18n.ts'
import style from './basket.module.css'
import type { PlacedSeat } from './plan.ts'
import { priceFor, typeName, typesFor } from './ticket-types.ts'
import type { TypeOnSale } from './types.ts'

type Props = {
  seat: PlacedSeat
  types: TypeOnSale[]
  chosen: TypeOnSale | undefined
  currency: string
  disabled: boolean
  onType: (ticket_type: string) => void
}

/** Who sits there, by the browser's own list; who may buy it is said before the door asks. */
export const TypeChoice = ({ seat, types, chosen, currency, disabled, onType }: Props) => {
  const { t } = useTranslation('hall')
  const offered = typesFor(types, seat.seat_type)
  if (!chosen || offered.length < 2) return null
  return (
    <div className={style.type}>
      <select
        value={chosen.ticket_type}
        disabled={disabled}
        aria-label={t('ticket.choose', { row: seat.seat_row, seat: seat.seat_number })}
        onChange={({ target }) => onType(target.value)}
      >
        {offered.map((type) => (
          <option key={type.ticket_type} value={type.ticket_type}>
            {t('ticket.option', { type: typeName(type), price: money(priceFor(type, seat.seat_type), currency) })}
          </option>
        ))}
      </select>
      {!chosen.is_default && (
        <small>
          {chosen.who_may_buy[currentLanguage()]}
          {chosen.needs_proof && ` ${t('ticket.proof')}`}
        </small>
      )}
    </div>
  )
}
