import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import { useLanguage } from '#lib/use-language.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import { Empty } from '#ui/empty.tsx'
import { useMay } from '../access.ts'
import desk from '../desk.module.css'
import { LoadedList } from '../loaded-list.tsx'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { useListKeys } from '../use-list-keys.ts'
import { type Promotion, promotionsQuery } from './api.ts'
import { PromotionState } from './promotion-state.tsx'

const CURRENCY = 'UAH'

const PromotionTable = ({ promotions }: { promotions: Promotion[] }) => {
  const { t } = useTranslation('promotions')
  const language = useLanguage()
  const uses = ({ used, limit_total }: Promotion) => {
    const count = used.confirmed + used.reserved
    return limit_total === null ? String(count) : t('of', { count, limit: limit_total })
  }
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{t('column.name')}</th>
          <th scope="col">{t('column.order')}</th>
          <th scope="col">{t('column.kind')}</th>
          <th scope="col">{t('column.uses')}</th>
          <th scope="col">{t('column.given')}</th>
          <th scope="col">{t('column.state')}</th>
        </tr>
      </thead>
      <tbody>
        {promotions.map((promotion, at) => (
          <tr key={promotion.id}>
            <th scope="row">
              <Link to="/staff/promotions/$promotion_id" params={{ promotion_id: String(promotion.id) }} data-row>
                {promotion.names[language]}
              </Link>
              <small>{promotion.is_automatic ? t('automatic') : promotion.codes.join(', ')}</small>
            </th>
            <td className="tabular">{t('place', { place: at + 1, priority: promotion.priority })}</td>
            <td>{t(`kind.${promotion.kind}`)}</td>
            <td className={desk.number}>{t('uses', { uses: uses(promotion) })}</td>
            <td className={desk.number}>{money(promotion.used.amount, promotion.currency ?? CURRENCY)}</td>
            <td>
              <PromotionState promotion={promotion} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Promotions = () => {
  const { t } = useTranslation(['promotions', 'staff'])
  const page = useRef<HTMLDivElement>(null)
  const query = useInfiniteQuery(promotionsQuery)
  useListKeys(page)
  const create = <ButtonLink to="/staff/promotions/new">{t('promotions:create')}</ButtonLink>
  return (
    <div className={style.page} ref={page}>
      <title>{`${t('staff:nav.promotions')} · Marquee`}</title>
      <header className={style.head}>
        <h1>{t('staff:nav.promotions')}</h1>
        {create}
      </header>
      <p className={style.note}>{t('promotions:stacking')}</p>
      <LoadedList query={query} empty={<Empty title={t('promotions:none')} hint={t('promotions:none_hint')} />}>
        {(promotions) => <PromotionTable promotions={promotions} />}
      </LoadedList>
    </div>
  )
}

export const PromotionsPage = () => (useMay('promotions.write') ? <Promotions /> : <NotYours />)
