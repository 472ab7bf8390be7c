import { useTranslation } from 'react-i18next'

import style from './account.module.css'
import { MyTickets } from './my-tickets.tsx'
import { Profile } from './profile.tsx'

/** Tickets first: that is what people come for. */
export const AccountPage = () => {
  const { t } = useTranslation('account')
  return (
    <div className={`page ${style.account}`}>
      <title>{`${t('title')} · Marquee`}</title>
      <div className={style.main}>
        <h1>{t('title')}</h1>
        <MyTickets />
      </div>
      <Profile />
    </div>
  )
}
