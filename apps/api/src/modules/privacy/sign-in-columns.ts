import { createHash } from 'node:crypto'

import { sql } from 'kysely'

import { erase, ofUser, type PersonalTable, secret } from './classes.ts'

const gone = erase('Of no use without the account.')

/** As `auth/sign-ins/throttle.ts` and `auth/tokens.ts` hash what need not be kept. */
const hashed = (text: string) => createHash('sha256').update(text.trim().toLowerCase()).digest('base64url')

/** How people sign in, where they did, and what they asked for. All of it goes with the account. */
export const signInTables: Record<string, PersonalTable> = {
  account_tokens: {
    mine: ofUser,
    rows: 'go',
    until: 'it expires (ACCOUNT_LINK_SECONDS, PASSWORD_RESET_SECONDS)',
    columns: { user_id: gone, email: gone, token_hash: secret(gone) },
    plain: 'kind expires_at claimed_until',
  },
  known_places: {
    mine: ofUser,
    rows: 'go',
    until: '400 days after it was last used',
    columns: { user_id: gone, place: gone, last_seen_at: gone },
    plain: '',
  },
  refresh_tokens: {
    mine: ofUser,
    rows: 'go',
    until: 'it expires (REFRESH_TOKEN_SECONDS, SIGN_IN_SECONDS)',
    columns: { user_id: gone, user_agent: gone, ip: gone, token_hash: secret(gone) },
    plain: 'family_id expires_at rotated_at revoked_at started_at method is_strong',
  },
  auth_tries: {
    mine: ({ id, email, username }) => sql<boolean>`(key = ${`owner:${id}`} or key like ${`place:${id}:%`}
      or key = any(${['login', 'link', 'new'].flatMap((kind) => [email, username].map((name) => `${kind}:${hashed(name)}`))}))`,
    rows: 'go',
    until: 'its window ends (AUTH_TRIES_SECONDS)',
    columns: { key: gone },
    plain: 'tries until',
  },
  user_totp: {
    mine: ofUser,
    rows: 'go',
    until: 'it is taken away or the account is erased',
    columns: { user_id: gone, sealed_secret: secret(gone), confirmed_at: gone },
    plain: 'last_step tries blocked_until',
  },
  recovery_codes: {
    mine: ofUser,
    rows: 'go',
    until: 'they are made anew or the account is erased',
    columns: { user_id: gone, code_hash: secret(gone), used_at: gone },
    plain: '',
  },
  user_identities: {
    mine: ofUser,
    rows: 'go',
    until: 'the account is erased',
    columns: { user_id: gone, subject: gone, email: gone, provider: gone, last_used_at: gone },
    plain: '',
  },
  passkeys: {
    mine: ofUser,
    rows: 'go',
    until: 'it is taken away or the account is erased',
    columns: { user_id: gone, name: gone, credential_id: gone, public_key: gone, last_used_at: gone },
    plain: 'counter transports is_backed_up',
  },
  passkey_challenges: {
    mine: ofUser,
    rows: 'go',
    until: 'it expires, within minutes',
    columns: { user_id: gone, challenge: secret(gone) },
    plain: 'expires_at',
  },
}
