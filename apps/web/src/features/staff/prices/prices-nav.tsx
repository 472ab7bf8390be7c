import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { SubNav } from '../sub-nav.tsx'

/** The cinema stays the same from page to page. */
export const PricesNav = ({ cinema }: { cinema: string | undefined }) => {
  const { t } = useTranslation('prices')
  const search = cinema === undefined ? {} : { cinema }
  const exact = { exact: true, includeSearch: false }
  return (
    <SubNav label={t('nav.label')}>
      <Link to="/staff/prices" search={search} activeOptions={exact}>
        {t('nav.cards')}
      </Link>
      <Link to="/staff/prices/types" search={search} activeOptions={exact}>
        {t('nav.types')}
      </Link>
      <Link to="/staff/prices/rules" search={search} activeOptions={exact}>
        {t('nav.rules')}
      </Link>
    </SubNav>
  )
}
