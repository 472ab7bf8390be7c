import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { saveFile } from '#features/account/save-file.ts'
import { toast } from '#ui/announce.ts'

/** Saves a list, as it is filtered, for a spreadsheet. */
export const CsvButton = ({ name, read }: { name: string; read: () => Promise<Blob> }) => {
  const { t } = useTranslation('staff')
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      saveFile(await read(), `${name}_${new Date().toISOString().slice(0, 10)}.csv`)
    } catch {
      toast(t('failed'), 'bad')
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button variant="default" loading={busy} onClick={() => void save()}>
      {t('audit.export')}
    </Button>
  )
}
