import { Button } from '@mantine/core'
import { IconFileDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, unwrap } from '#lib/api.ts'
import { formatMoment } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import { toast } from '#ui/announce.ts'
import type { Order } from './api.ts'
import { money } from './money.ts'
import style from './order-page.module.css'
import { saveReceiptPdf } from './papers.ts'

/** A receipt is written a few seconds after its payment. */
const ASK_MS = 4000
const MOST_ASKED = 5

const receiptsOf = (id: number, key: string | undefined) => ({
  queryKey: ['orders', 'receipts', id],
  queryFn: async () =>
    (
      await unwrap(
        api.GET('/api/v1/orders/{id}/receipts', {
          params: { path: { id } },
          ...(key === undefined ? {} : { headers: { 'x-order-key': key } }),
        }),
      )
    ).items,
})

const isPaid = ({ payments }: Order) =>
  payments.some(({ status, amount }) => amount > 0 && /^(success|refunded|partially_refunded)$/.test(status))

/** The papers of what was paid and given back, to keep or to hand in. */
export const Receipts = ({ order, orderKey }: { order: Order; orderKey: string | undefined }) => {
  const { t } = useTranslation('orders')
  const language = useLanguage()
  const { data } = useQuery({
    ...receiptsOf(order.id, orderKey),
    enabled: isPaid(order),
    refetchInterval: ({ state }) => (state.data?.length === 0 && state.dataUpdateCount < MOST_ASKED ? ASK_MS : false),
  })
  if (!data) return null
  const save = (id: number, label: string) =>
    void saveReceiptPdf(id, label, orderKey).catch(() => toast(t('trouble.other'), 'bad'))
  return (
    <section className={style.section} aria-labelledby="receipts">
      <h2 id="receipts">{t('receipts.title')}</h2>
      {data.length === 0 && <p className={style.soft}>{t('receipts.wait')}</p>}
      <ul className={style.list}>
        {data.map(({ id, kind, label, amount, currency, issued_at }) => (
          <li key={id}>
            <span>
              <b>{t(`receipts.${kind}`)}</b>
              <small>
                {label} · {formatMoment(language, issued_at)}
              </small>
            </span>
            <b>{money(amount, currency)}</b>
            <Button variant="default" size="sm" onClick={() => save(id, label)} aria-label={t('receipts.save', { label })}>
              <IconFileDownload size={18} aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
