import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { toast } from '#ui/announce.ts'
import { SectionProblem } from '#ui/section-problem.tsx'
import { useFresh } from './fresh.tsx'
import { wholeWord } from './password-words.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import { newRecoveryCodes, removeTotp, startTotp, type TotpStart, totpQuery } from './security-api.ts'
import style from './settings.module.css'
import { TotpProof } from './totp-proof.tsx'
import { TotpSetup } from './totp-setup.tsx'

type Step =
  | { at: 'rest' }
  | { at: 'setup'; start: TotpStart }
  | { at: 'codes'; codes: string[] }
  | { at: 'remove' }
  | { at: 'renew' }

const Resting = ({ enabled, left, go }: { enabled: boolean; left: number; go: (step: 'start' | 'renew' | 'remove') => void }) => {
  const { t } = useTranslation('settings')
  if (!enabled)
    return (
      <>
        <p className={style.soft}>{t('totp.text')}</p>
        <Button className={style.start ?? ''} onClick={() => go('start')}>
          {t('totp.start')}
        </Button>
      </>
    )
  return (
    <>
      <p className={style.good}>{t('totp.on')}</p>
      <p className={left < 3 ? style.error : style.soft}>{t('totp.left', { count: left })}</p>
      <div className={style.buttons}>
        <Button variant="default" onClick={() => go('renew')}>
          {t('totp.renew')}
        </Button>
        <Button variant="outline" color="danger" onClick={() => go('remove')}>
          {t('totp.remove')}
        </Button>
      </div>
    </>
  )
}

const useSteps = () => {
  const { t } = useTranslation(['settings', 'account'])
  const client = useQueryClient()
  const { run, dialog } = useFresh()
  const [step, setStep] = useState<Step>({ at: 'rest' })
  const rest = async () => {
    setStep({ at: 'rest' })
    await client.invalidateQueries({ queryKey: totpQuery.queryKey })
  }
  const show = async (codes: string[]) => {
    setStep({ at: 'codes', codes })
    await client.invalidateQueries({ queryKey: totpQuery.queryKey })
  }
  const begin = () =>
    run(async () => setStep({ at: 'setup', start: await startTotp() })).catch((error: unknown) =>
      toast(t(`account:${wholeWord(error)}`), 'bad'),
    )
  return { step, setStep, rest, show, begin, dialog }
}

/** A second proof besides the password: the codes of an app on one's phone. */
export const Totp = () => {
  const { t } = useTranslation('settings')
  const { data: status, error, refetch } = useQuery(totpQuery)
  const { step, setStep, rest, show, begin, dialog } = useSteps()
  if (error) return <SectionProblem error={error} retry={() => void refetch()} />
  return (
    <section className={style.section} aria-labelledby="totp">
      <h2 id="totp">{t('totp.title')}</h2>
      {!status && <div className={`skeleton ${style.row}`} />}
      {status && step.at === 'rest' && (
        <Resting
          enabled={status.is_enabled}
          left={status.recovery_codes_left}
          go={(where) => (where === 'start' ? void begin() : setStep({ at: where }))}
        />
      )}
      {step.at === 'setup' && <TotpSetup start={step.start} onDone={(codes) => void show(codes)} onCancel={() => void rest()} />}
      {step.at === 'codes' && <RecoveryCodes codes={step.codes} onDone={() => void rest()} />}
      {step.at === 'renew' && (
        <TotpProof
          text={t('totp.renew_text')}
          submit={t('totp.renew')}
          send={async (proof) => show(await newRecoveryCodes(proof))}
          onCancel={() => void rest()}
        />
      )}
      {step.at === 'remove' && (
        <TotpProof
          final
          text={t('totp.remove_text')}
          submit={t('totp.remove')}
          send={async (proof) => {
            await removeTotp(proof)
            toast(t('totp.removed'), 'good')
            await rest()
          }}
          onCancel={() => void rest()}
        />
      )}
      {dialog}
    </section>
  )
}
