import { useTranslation } from 'react-i18next'

import { AccountShell } from './account-shell.tsx'
import style from './account.module.css'
import { MyTickets } from './my-tickets.tsx'

/** Tickets first: that is what people come for. */
export const AccountPage = () => {
  const { t } = useTranslation('account')
  return (
    <AccountShell title={t('title')} guests>
      {() => (
        <div className={style.account}>
          <MyTickets />
        </div>
      )}
    </AccountShell>
  )
}
