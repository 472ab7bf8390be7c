import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { useLanguage } from '#lib/use-language.ts'
import desk from '../desk.module.css'
import { CLASSES, type Preview, typesQuery } from './api.ts'

type Ticket = Preview['tickets'][number]

/** The sum, and what it is made of. */
const Sum = ({ ticket, currency }: { ticket: Ticket | undefined; currency: string }) => {
  const { t } = useTranslation('prices')
  if (ticket === undefined) return <span className={desk.none}>{t('preview.not_sold')}</span>
  const parts = [
    money(ticket.price, currency),
    ...(ticket.fees > 0 ? [t('preview.fee', { amount: money(ticket.fees, currency) })] : []),
    ...(ticket.tax > 0 ? [t('preview.tax', { amount: money(ticket.tax, currency) })] : []),
  ]
  return (
    <>
      <b className="tabular">{money(ticket.total, currency)}</b>
      {parts.length > 1 && <small>{parts.join(' + ')}</small>}
    </>
  )
}

/** Types of tickets down, classes of seats across. */
export const PreviewGrid = ({ preview: { tickets, currency } }: { preview: Preview }) => {
  const { t } = useTranslation('prices')
  const language = useLanguage()
  const { data: types = [] } = useQuery(typesQuery)
  // Also those that are not sold at that hour: a manager asks why.
  const onSale = types.filter(({ is_active }) => is_active).map(({ code }) => code)
  const codes = new Set([...onSale, ...tickets.map(({ ticket_type }) => ticket_type)])
  return (
    <table className={desk.grid}>
      <caption className="unseen">{t('preview.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('preview.type')}</th>
          {CLASSES.map((one) => (
            <th key={one} scope="col">
              {t(`classes.${one}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...codes].map((code) => (
          <tr key={code}>
            <th scope="row">{types.find((type) => type.code === code)?.names[language] ?? code}</th>
            {CLASSES.map((one) => (
              <td key={one} data-label={t(`classes.${one}`)}>
                <Sum
                  ticket={tickets.find(({ ticket_type, seat_class }) => ticket_type === code && seat_class === one)}
                  currency={currency}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
