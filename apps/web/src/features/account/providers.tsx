import { Button } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, unwrap } from '#lib/api.ts'
import style from './forms.module.css'
import { AskForLink } from './link-sent.tsx'
import { Trouble } from './trouble.tsx'

const providersQuery = queryOptions({
  queryKey: ['auth', 'providers'],
  staleTime: 'static',
  queryFn: async () => (await unwrap(api.GET('/api/v1/auth/oidc'))).providers,
})

const REFUSALS: Record<string, 'oidc.denied' | 'oidc.email' | 'oidc.unproved' | 'in.blocked'> = {
  'auth.oidc_denied': 'oidc.denied',
  'auth.oidc_email_needed': 'oidc.email',
  'auth.account_unproved': 'oidc.unproved',
  'auth.blocked': 'in.blocked',
}

/** Why the way through a provider led nowhere. */
export const Refused = ({ code }: { code: string }) => {
  const { t } = useTranslation('account')
  if (code === 'auth.deactivated') return <AskForLink why="closed" />
  return <Trouble>{t(REFUSALS[code] ?? 'oidc.failed')}</Trouble>
}

/** Accounts elsewhere that open the door here; nothing where none is configured. */
export const Providers = ({ returnTo }: { returnTo: string }) => {
  const { t } = useTranslation('account')
  const { data: providers = [] } = useQuery(providersQuery)
  if (providers.length === 0) return null
  return (
    <div className={style.ways}>
      <span className={style.or}>{t('oidc.or')}</span>
      {providers.map(({ name, label, start_url }) => (
        <Button
          key={name}
          component="a"
          href={`${start_url}?${new URLSearchParams({ return_to: returnTo }).toString()}`}
          variant="default"
          size="md"
        >
          {t('oidc.with', { name: label })}
        </Button>
      ))}
    </div>
  )
}
