import 'i18next'
import type account from '../locales/en/account.json'
import type cinemas from '../locales/en/cinemas.json'
import type common from '../locales/en/common.json'
import type desk from '../locales/en/desk.json'
import type film from '../locales/en/film.json'
import type films from '../locales/en/films.json'
import type hall from '../locales/en/hall.json'
import type loyalty from '../locales/en/loyalty.json'
import type orders from '../locales/en/orders.json'
import type prices from '../locales/en/prices.json'
import type promotions from '../locales/en/promotions.json'
import type returns from '../locales/en/returns.json'
import type sales from '../locales/en/sales.json'
import type search from '../locales/en/search.json'
import type settings from '../locales/en/settings.json'
import type staff from '../locales/en/staff.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      account: typeof account
      cinemas: typeof cinemas
      common: typeof common
      desk: typeof desk
      film: typeof film
      films: typeof films
      hall: typeof hall
      loyalty: typeof loyalty
      orders: typeof orders
      prices: typeof prices
      promotions: typeof promotions
      returns: typeof returns
      sales: typeof sales
      search: typeof search
      settings: typeof settings
      staff: typeof staff
    }
  }
}
