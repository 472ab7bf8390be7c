import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, session, unwrap } from '#lib/api.ts'
import { ButtonLink } from '#ui/button-link.tsx'
import { Form } from '#ui/form.tsx'
import { CodeField } from './code-field.tsx'
import style from './forms.module.css'
import { adopt, enter } from './session.ts'
import { proofOf, type Refusal, refusalOf } from './sign-in.ts'
import { Trouble } from './trouble.tsx'

type Props = { onDone: () => void }

/** The cookie is here already; the page only has to ask who came. */
const Arrive = ({ onDone }: Props) => {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const { data: arrived } = useQuery({
    queryKey: ['auth', 'arrive'],
    gcTime: 0,
    queryFn: async () => {
      if (!(await session.renew())) return false
      await adopt(client)
      return true
    },
  })
  useEffect(() => {
    if (arrived === true) onDone()
    // oxlint-disable-next-line react/exhaustive-deps -- once, when the answer is here
  }, [arrived])
  if (arrived !== false) return <p role="status">{t('activate.busy')}</p>
  return (
    <>
      <p role="alert">{t('oidc.failed')}</p>
      <ButtonLink to="/account/sign-in" size="md">
        {t('in.title')}
      </ButtonLink>
    </>
  )
}

/** The provider has let them through; their own authenticator app has the last word. */
const ShowCode = ({ onDone }: Props) => {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const [refusal, setRefusal] = useState<Refusal>()
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    setBusy(true)
    try {
      await enter(client, await unwrap(api.POST('/api/v1/auth/oidc/finish', { body: proofOf(code) })))
      onDone()
    } catch (error) {
      const { refusal: said } = refusalOf(error)
      setRefusal(said === 'wrong' ? 'wrong_code' : said)
      setBusy(false)
    }
  }
  return (
    <Form className={style.form} onSubmit={submit}>
      <CodeField value={code} wrong={refusal === 'wrong_code'} onChange={setCode} />
      <Trouble>
        {refusal !== undefined && refusal !== 'wrong_code' && t(refusal === 'throttled' ? 'in.throttled' : 'oidc.failed')}
      </Trouble>
      <Button type="submit" size="md" loading={busy}>
        {t('in.submit')}
      </Button>
    </Form>
  )
}

/** Back from a provider's own page. */
export const OidcReturn = ({ outcome, onDone }: Props & { outcome: 'done' | 'code' }) =>
  outcome === 'done' ? <Arrive onDone={onDone} /> : <ShowCode onDone={onDone} />
