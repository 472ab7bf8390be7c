/** Passkeys need a browser that knows them and a connection that nobody listens to. */
export const hasPasskeys = () => typeof window !== 'undefined' && 'PublicKeyCredential' in window && window.isSecureContext

/** Whoever closes the browser's dialog has changed their mind: that is no mistake. */
export const isChangeOfMind = (error: unknown) =>
  error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError')
