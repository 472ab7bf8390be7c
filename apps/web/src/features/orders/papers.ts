import { api, unwrap } from '#lib/api.ts'
import { currentLanguage } from '#lib/i18n.ts'

const save = (file: Blob, name: string) => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

const asked = (id: number, key: string | undefined) => ({
  params: { path: { id }, query: { lang: currentLanguage() } },
  parseAs: 'blob' as const,
  ...(key === undefined ? {} : { headers: { 'x-order-key': key } }),
})

/** The papers come with proof of who asks, so they are fetched and then kept, not linked. */
export const saveTicketPdf = async (id: number, code: string, key?: string) =>
  save(await unwrap(api.GET('/api/v1/tickets/{id}/pdf', asked(id, key))), `marquee-${code}.pdf`)

export const saveTicketCalendar = async (id: number, code: string, key?: string) =>
  save(await unwrap(api.GET('/api/v1/tickets/{id}/calendar', asked(id, key))), `marquee-${code}.ics`)

export const saveOrderPdf = async (id: number, reference: string, key?: string) =>
  save(await unwrap(api.GET('/api/v1/orders/{id}/pdf', asked(id, key))), `marquee-${reference}.pdf`)

export const saveReceiptPdf = async (id: number, label: string, key?: string) =>
  save(await unwrap(api.GET('/api/v1/receipts/{id}/pdf', asked(id, key))), `${label.replaceAll(/[^\p{L}\d]+/gu, '-')}.pdf`)
