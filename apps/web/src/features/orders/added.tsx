import { useTranslation } from 'react-i18next'

import { money } from './money.ts'

type Props = { added: number; tax: number; currency: string }

/** What a total has in it beside the seats; nothing comes later. */
export const Added = ({ added, tax, currency }: Props) => {
  const { t } = useTranslation('orders')
  const amount = money(added, currency)
  if (added === 0) return t('pay.fees')
  return tax > 0 ? t('pay.with_tax', { amount }) : t('pay.with_fee', { amount })
}
