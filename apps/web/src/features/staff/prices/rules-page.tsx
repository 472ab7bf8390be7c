import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import type { Cinema } from '#features/cinemas/api.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useMay } from '../access.ts'
import desk from '../desk.module.css'
import { CinemaPick, useCinema } from '../my-cinemas.tsx'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { WaitingRows } from '../waiting-rows.tsx'
import { policyQuery, rulesQuery } from './api.ts'
import { PolicyForm } from './policy-form.tsx'
import { PricesNav } from './prices-nav.tsx'
import { RulesForm } from './rules-form.tsx'

const Terms = ({ cinema }: { cinema: Cinema }) => {
  const rules = useQuery(rulesQuery(cinema.id))
  const policy = useQuery(policyQuery(cinema.id))
  const mayPolicy = useMay('cinemas.write')
  const failed = [rules, policy].find(({ error, data }) => error !== null && data === undefined)
  if (failed?.error) return <SectionProblem error={failed.error} retry={() => void failed.refetch()} />
  if (!rules.data || !policy.data) return <WaitingRows rows={3} />
  return (
    <div className={style.sections}>
      <RulesForm key={`rules ${cinema.id}`} rules={rules.data} currency={cinema.currency} />
      {mayPolicy && <PolicyForm key={`policy ${cinema.id}`} policy={policy.data} />}
    </div>
  )
}

const Rules = () => {
  const { t } = useTranslation(['prices', 'staff'])
  const search = useSearch({ from: '/staff/prices/rules' })
  const navigate = useNavigate({ from: '/staff/prices/rules' })
  const cinema = useCinema(search.cinema)
  return (
    <div className={style.page}>
      <title>{`${t('prices:nav.rules')} · Marquee`}</title>
      <header className={style.head}>
        <h1>{t('staff:nav.prices')}</h1>
      </header>
      <PricesNav cinema={search.cinema} />
      <div className={desk.pick}>
        <CinemaPick value={cinema?.id} onChange={(id) => void navigate({ search: { cinema: id }, replace: true })} />
      </div>
      {cinema ? <Terms cinema={cinema} /> : <WaitingRows rows={3} />}
    </div>
  )
}

export const RulesPage = () => (useMay('prices.write') ? <Rules /> : <NotYours />)
