import { Link } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { useAccess } from '../access.ts'
import type { Permission } from '../api.ts'
import { NotYours } from '../refusals.tsx'
import style from '../staff.module.css'
import { SubNav } from '../sub-nav.tsx'
import { useListKeys } from '../use-list-keys.ts'

const PAGES = [
  { to: '/staff/sales/orders', name: 'orders', permission: 'sales.read' },
  { to: '/staff/sales/payments', name: 'payments', permission: 'sales.read' },
  { to: '/staff/sales/refunds', name: 'refunds', permission: 'refunds.manage' },
  { to: '/staff/sales/receipts', name: 'receipts', permission: 'receipts.read' },
  { to: '/staff/sales/alarms', name: 'alarms', permission: 'payments.oversee' },
] as const satisfies { to: string; name: string; permission: Permission }[]

export const SalesNav = () => {
  const { t } = useTranslation('sales')
  const { permissions } = useAccess()
  return (
    <SubNav label={t('nav.label')}>
      {PAGES.filter(({ permission }) => permissions.includes(permission)).map(({ to, name }) => (
        <Link key={to} to={to} activeOptions={{ includeSearch: false }}>
          {t(`nav.${name}`)}
        </Link>
      ))}
    </SubNav>
  )
}

type Props = { name: (typeof PAGES)[number]['name']; action?: ReactNode; children: ReactNode }

const Frame = ({ name, action, children }: Props) => {
  const { t } = useTranslation(['sales', 'staff'])
  const page = useRef<HTMLDivElement>(null)
  useListKeys(page)
  return (
    <div className={style.page} ref={page}>
      <title>{`${t(`sales:nav.${name}`)} · Marquee`}</title>
      <header className={style.head}>
        <h1>{t('staff:nav.sales')}</h1>
        {action}
      </header>
      <SalesNav />
      <h2 className="unseen">{t(`sales:nav.${name}`)}</h2>
      {children}
    </div>
  )
}

/** Around each list of money: the way to the others, for whoever may see it. */
export const SalesFrame = (props: Props) => {
  const { permissions } = useAccess()
  const needed = PAGES.find(({ name }) => name === props.name)?.permission
  return needed !== undefined && permissions.includes(needed) ? <Frame {...props} /> : <NotYours />
}
