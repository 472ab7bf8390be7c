import { useTranslation } from 'react-i18next'

import { AccountShell } from './account-shell.tsx'
import { EmailChange } from './email-change.tsx'
import { Identities } from './identities.tsx'
import { Passkeys } from './passkeys-section.tsx'
import { PasswordChange } from './password-change.tsx'
import style from './settings.module.css'
import { SignIns } from './sign-ins.tsx'
import { Totp } from './totp.tsx'

export const SecurityPage = () => {
  const { t } = useTranslation('account')
  return (
    <AccountShell title={t('nav.security')}>
      {(user) =>
        user && (
          <div className={style.sections}>
            <Totp />
            <Passkeys />
            <Identities />
            <SignIns />
            <PasswordChange />
            <EmailChange email={user.email} />
          </div>
        )
      }
    </AccountShell>
  )
}
