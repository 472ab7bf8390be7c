import { Button } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { hasPasskeys } from './has-passkeys.ts'

type Props = { attempt: (enterBy: () => Promise<void>) => Promise<void> }

/** One touch instead of a password, where the browser knows how. */
export const PasskeyButton = ({ attempt }: Props) => {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  if (!hasPasskeys()) return null
  const open = () =>
    attempt(async () => {
      const { signInByPasskey } = await import('./passkeys.ts')
      await signInByPasskey(client)
    })
  return (
    <Button variant="default" size="md" leftSection={<IconFingerprint size={20} aria-hidden />} onClick={() => void open()}>
      {t('in.passkey')}
    </Button>
  )
}
