import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { saveFile } from '#features/account/save-file.ts'
import { toast } from '#ui/announce.ts'
import { type Receipt, readReceipt } from './api.ts'

export const ReceiptSave = ({ receipt: { id, label } }: { receipt: Receipt }) => {
  const { t } = useTranslation(['sales', 'staff'])
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      saveFile(await readReceipt(id), `${label}.pdf`)
    } catch {
      toast(t('staff:failed'), 'bad')
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button
      variant="default"
      size="compact-md"
      loading={busy}
      aria-label={t('sales:pdf_of', { label })}
      onClick={() => void save()}
    >
      PDF
    </Button>
  )
}
