import { formatMoney } from '#lib/format.ts'
import { currentLanguage } from '#lib/i18n.ts'

/** A price in the language of the page. */
export const money = (amount: number, currency: string) => formatMoney(currentLanguage(), amount, currency)
