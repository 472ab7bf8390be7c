import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { money } from '#features/orders/money.ts'
import type { Shape } from '#lib/api.ts'
import { formatMoment, formatNumber } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { AccountShell } from './account-shell.tsx'
import { loyaltyHistory, loyaltyQuery } from './loyalty-api.ts'
import style from './loyalty.module.css'

type Loyalty = Shape<'Loyalty'>

/** The balance in large type, what it is worth, and what is lost next. */
const Balance = ({ loyalty }: { loyalty: Loyalty }) => {
  const { t } = useTranslation('loyalty')
  const language = useLanguage()
  const { points, reserved, point_value, currency, cap_percent, expiring } = loyalty
  return (
    <section className={style.balance} aria-labelledby="balance">
      <h2 id="balance">{t('balance')}</h2>
      <p className={style.number}>{formatNumber(language, points)}</p>
      <p>{t('worth', { amount: money(points * point_value, currency), percent: cap_percent })}</p>
      {reserved > 0 && <p className={style.soft}>{t('reserved', { count: reserved })}</p>}
      {expiring && (
        <p className={style.note}>
          {t('expiring', { count: expiring.points, day: formatMoment(language, expiring.expires_at) })}
        </p>
      )}
    </section>
  )
}

/** Where a year's spending stands between two tiers. */
const Tier = ({ loyalty }: { loyalty: Loyalty }) => {
  const { t, i18n } = useTranslation('loyalty')
  const { tier, next_tier, spent, currency } = loyalty
  const name = (code: string) => (i18n.exists(`loyalty:tier_name.${code}`) ? t(`tier_name.${code as 'basic'}`) : code)
  return (
    <section className={style.card} aria-labelledby="tier">
      <h2 id="tier">{t('tier', { name: name(tier.name) })}</h2>
      <p>{t('earns', { percent: tier.percent })}</p>
      <p>{t('spent', { amount: money(spent, currency) })}</p>
      {next_tier && (
        <>
          <progress
            max={next_tier.from}
            value={Math.min(spent, next_tier.from)}
            aria-label={t('progress', { name: name(next_tier.name) })}
          />
          <p className={style.soft}>
            {t('next', {
              name: name(next_tier.name),
              amount: money(Math.max(0, next_tier.from - spent), currency),
              percent: next_tier.percent,
            })}
          </p>
        </>
      )}
    </section>
  )
}

const Entry = ({ entry }: { entry: Shape<'LoyaltyEntry'> }) => {
  const { t } = useTranslation('loyalty')
  const language = useLanguage()
  const { kind, points, created_at, expires_at } = entry
  return (
    <li>
      <span>
        <b>{t(`kind.${kind}`)}</b>
        <small>
          <time dateTime={created_at}>{formatMoment(language, created_at)}</time>
          {kind === 'earned' && expires_at !== null && ` · ${t('until', { day: formatMoment(language, expires_at) })}`}
        </small>
      </span>
      <b className={style.points} data-gain={points > 0}>
        {points > 0 ? '+' : ''}
        {formatNumber(language, points)}
      </b>
    </li>
  )
}

const History = () => {
  const { t } = useTranslation('loyalty')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(loyaltyHistory)
  const entries = data?.pages.flatMap(({ items }) => items)
  return (
    <section className={style.card} aria-labelledby="history">
      <h2 id="history">{t('history')}</h2>
      {error !== null && <SectionProblem error={error} retry={() => void refetch()} />}
      {!entries && error === null && <div className={`skeleton ${style.waiting}`} />}
      {entries?.length === 0 && <p className={style.soft}>{t('nothing')}</p>}
      <ul className={style.history}>
        {entries?.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </section>
  )
}

const Page = () => {
  const { data: loyalty, error, refetch } = useQuery(loyaltyQuery)
  if (error !== null) return <SectionProblem error={error} retry={() => void refetch()} />
  if (!loyalty) return <div className={`skeleton ${style.waiting}`} />
  return (
    <div className={style.loyalty}>
      <Balance loyalty={loyalty} />
      <Tier loyalty={loyalty} />
      <History />
    </div>
  )
}

/** Points in plain numbers: how many, what for, until when. */
export const LoyaltyPage = () => {
  const { t } = useTranslation('account')
  return <AccountShell title={t('nav.loyalty')}>{(user) => user && <Page />}</AccountShell>
}
