import type { TFunction } from 'i18next'

import type { Order } from './api.ts'

export type TraceEntry = Order['trace'][number]

/** "Weekday evenings: VIP seat" names its card first; what stands behind is said by the ticket itself. */
const cardName = (label: string) => label.split(': ')[0] ?? label

/** Which price or rule a part of the price comes from, in words of a person. */
export const traceWords = (t: TFunction<'orders'>, { source, label }: TraceEntry, typeName: (code: string) => string): string => {
  const [kind = '', ...rest] = source.split('.')
  switch (kind) {
    case 'price_card':
      return t('why.card', { name: cardName(label) })
    case 'session':
      return t(rest[0] === 'early_bird' ? 'why.early_bird' : 'why.session')
    case 'ticket_type':
      return t('why.type', { type: typeName(rest.join('.')) })
    case 'loyalty':
      return t('why.points')
    case 'fee':
      return t(rest[1] === 'ticket' ? 'why.fee_ticket' : 'why.fee_order')
    case 'promotion':
      return t('why.promotion', { name: label })
    default:
      // A tax bears the name that the cinema gave it.
      return label
  }
}

/** What was taken off the whole order, one line for each promotion, for early birds and for points. */
export const reductionsOf = ({ items }: Pick<Order, 'items'>): TraceEntry[] => {
  const taken = items
    .filter(({ is_canceled }) => !is_canceled)
    .flatMap(({ trace }) => trace.filter(({ source }) => /^(promotion\.|session\.early_bird$|loyalty\.)/.test(source)))
  return [...Map.groupBy(taken, ({ source }) => source).values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, amount: more.reduce((sum, { amount }) => Math.round((sum + amount) * 100) / 100, first.amount) }] : [],
  )
}
