/** What the address of the payment page may say: where to go once all is paid (`POST /payments/checkout-session`), and the key of an order that a mail's link has made. */
export const readPay = ({ return_url, key }: Record<string, unknown>): { return_url?: string; key?: string } => ({
  ...(typeof return_url === 'string' && return_url !== '' && { return_url }),
  ...(typeof key === 'string' && key !== '' && { key }),
})

/**
 * The page of this app that is named, as the router takes it. The API has looked at the address, but whoever writes a link
 * may name any: what is not ours is not followed.
 */
export const pageToReturnTo = (return_url: string | undefined, origin: string): string | undefined => {
  if (return_url === undefined || !URL.canParse(return_url)) return undefined
  const url = new URL(return_url)
  return url.origin === origin && url.username === '' ? `${url.pathname}${url.search}${url.hash}` : undefined
}
