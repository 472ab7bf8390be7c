import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { toast } from '#ui/announce.ts'
import { Switch } from './fields.tsx'
import { focusOnArrival } from './focus-on-arrival.ts'
import { saveFile } from './save-file.ts'
import style from './settings.module.css'

/** Shown this once; whoever goes on says that they are kept. */
export const RecoveryCodes = ({ codes, onDone }: { codes: string[]; onDone: () => void }) => {
  const { t } = useTranslation('settings')
  const [kept, setKept] = useState(false)
  const text = codes.join('\n')
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    toast(t('codes.copied'), 'good')
  }
  return (
    <div className={style.form}>
      <h3 tabIndex={-1} ref={focusOnArrival}>
        {t('codes.title')}
      </h3>
      <p>{t('codes.text')}</p>
      <ul className={style.codes} aria-label={t('codes.title')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={style.buttons}>
        <Button
          variant="default"
          onClick={() => saveFile(new Blob([`${text}\n`], { type: 'text/plain' }), 'marquee-recovery-codes.txt')}
        >
          {t('codes.save')}
        </Button>
        {window.isSecureContext && (
          <Button variant="default" onClick={() => void copy()}>
            {t('codes.copy')}
          </Button>
        )}
      </div>
      <Switch label={t('codes.kept')} checked={kept} onChange={setKept} />
      <Button disabled={!kept} className={style.start ?? ''} onClick={onDone}>
        {t('codes.done')}
      </Button>
    </div>
  )
}
