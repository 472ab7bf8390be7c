/** Numbers are nobody's name: a passkey belongs to a domain. */
const isNumber = (host: string) => /^[\d.]+$|^\[/.test(host)

/** Passkeys need a browser that knows them, a connection that nobody listens to, and a site with a name. */
export const hasPasskeys = () => 'PublicKeyCredential' in window && window.isSecureContext && !isNumber(location.hostname)

/** Whoever closes the browser's dialog has changed their mind: that is no mistake. */
export const isChangeOfMind = (error: unknown) =>
  error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError')
