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

/** The same in few words, where there is little room, and what was taken off. */
export const Included = ({ added, tax, discount, currency }: Props & { discount: number }) => {
  const { t } = useTranslation('orders')
  const words = [
    added > 0 && t(tax > 0 ? 'pay.incl_tax' : 'pay.incl_fee', { amount: money(added, currency) }),
    discount > 0 && t('pay.incl_discount', { amount: money(discount, currency) }),
  ].filter((word) => word !== false)
  return words.length > 0 ? words.join(', ') : t('pay.fees')
}
