import { recordEvent } from '#platform/audit.ts'
import type { Tx } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'

type Change = { kind: 'factor_added' | 'factor_removed'; factor: 'totp' | 'passkey' | 'oidc'; user_id: number; provider?: string }

/** A way to sign in has come or gone: its owner is told by mail, and the audit log keeps it. */
export const tellFactorChange = async (tx: Tx, jobs: Pick<Jobs, 'send'>, { kind, user_id, ...after }: Change): Promise<void> => {
  await recordEvent(tx, { action: `auth.${kind}`, object_kind: 'users', object_id: user_id, after })
  await jobs.send(tx, 'mail.account', { kind, user_id, data: {} })
}
