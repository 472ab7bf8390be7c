import { isIP } from 'node:net'

import type { Config } from '#platform/config.ts'

/** Whose passkeys these are: a browser gives them to pages of this host only. */
export type RelyingParty = { id: string; name: string; origins: string[] }

const VITE = 'http://localhost:5173'

/** Passkeys belong to a name, never to an address: a server on this machine is called localhost. */
export const relyingPartyOf = ({ PUBLIC_URL, PORT }: Pick<Config, 'PUBLIC_URL' | 'PORT'>): RelyingParty => {
  const { hostname, origin } = new URL(PUBLIC_URL)
  const isHere = hostname === 'localhost' || isIP(hostname.replaceAll(/[[\]]/g, '')) > 0
  if (!isHere) return { id: hostname, name: 'Marquee', origins: [origin] }
  return { id: 'localhost', name: 'Marquee', origins: [origin, `http://localhost:${PORT}`, VITE] }
}
