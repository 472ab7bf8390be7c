import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startOidcProvider } from '../../api/src/testing/oidc-provider.ts'

/** What the button for it says. */
export const LIBRARY = 'BookID'

/** An OpenID provider for the app at this address, which asks whoever comes for an e-mail; and the file that names it to the app. */
export const startLibrary = async (url: string) => {
  const { issuer, client, close } = await startOidcProvider(`${url}/api/v1/auth/oidc/library/callback`, { asks: true })
  const file = join(tmpdir(), `marquee-library-${process.pid}.json`)
  writeFileSync(file, JSON.stringify([{ name: 'library', label: LIBRARY, issuer, ...client }]))
  const stop = async () => {
    rmSync(file, { force: true })
    await close()
  }
  return { file, stop }
}
