import type { Drive } from '#modules/checkout/pay/drive.ts'
import type { Refund } from '#modules/checkout/return/refund.ts'
import type { Movement, PaymentProvider, PaymentRow, PaymentsService, ProviderPayment } from '#modules/payments/service.ts'
import { type Db, transaction, type Tx } from '#platform/db/kysely.ts'
import type { Jobs } from '#platform/jobs.ts'
import type { Log } from '#platform/log.ts'
import { judge, type Judgement } from './reconcile.rules.ts'
import * as statement from './reconcile.statement.ts'
import type { Run } from './reconcile.statement.ts'

type Deps = { db: Db; log: Log; jobs: Jobs; payments: PaymentsService; drive: Drive; refund: Refund }
type List = NonNullable<PaymentProvider['list']>
export type Reconciled = { provider: string; from: Date; to: Date; movements: number; differences: number }

const BATCH = 100

type Named = { payment_id: number } | { refund_id: number }
const agreed = (judgements: Judgement[]): Named[] => judgements.flatMap((one) => ('agrees' in one ? [one.agrees] : []))
const followed = (judgements: Judgement[]): Named[] => judgements.flatMap((one) => ('follow' in one ? [one.follow] : []))
const paymentsIn = (named: Named[]): number[] => named.flatMap((one) => ('payment_id' in one ? [one.payment_id] : []))
const refundsIn = (named: Named[]): number[] => named.flatMap((one) => ('refund_id' in one ? [one.refund_id] : []))

const CAPTURED = new Set(['success', 'partially_refunded', 'refunded'])

/**
 * Compares our books with the provider's: first each movement of theirs with ours, page by page, then what of ours none of
 * their pages has named. Each page is one transaction that also says how far we have come; a killed process loses a page.
 */
export const createReconcile = ({ db, log, jobs, payments, drive, refund }: Deps) => {
  const raise = async (tx: Tx, run: Run, payment_id: number | null, reference: string | null, detail: object) => {
    const isNew = await statement.raiseDifference(tx, { payment_id, reference, detail })
    if (isNew) log.error({ payment_id, reference, ...detail }, 'our books and the provider’s differ')
    return isNew ? { ...run, differences: run.differences + 1 } : run
  }

  /** The provider has the last word; whatever it says now is settled or given back as always. */
  const askAgain = async (judgements: Judgement[]) => {
    const late = judgements.flatMap((one) => ('problem' in one && one.problem === 'given_up' ? [one.payment_id ?? 0] : []))
    for (const id of [...paymentsIn(followed(judgements)), ...late]) {
      const payment = await payments.find(db, id)
      const seen = payment && (await payments.seek(payment))
      if (payment && seen) await drive.apply(payment, seen)
    }
    for (const refund_id of refundsIn(followed(judgements))) await refund({ refund_id })
  }

  const judgePage = async (tx: Tx, step: Run, movements: Movement[]): Promise<{ run: Run; judgements: Judgement[] }> => {
    const references = movements.map(({ payment_reference }) => payment_reference)
    const ids = movements.flatMap(({ payment_id }) => payment_id ?? [])
    const ours = await statement.findOurs(tx, step.provider, references, ids)
    let run = { ...step, movements: step.movements + movements.length }
    const judgements = movements.map((movement) => judge(movement, ours))
    for (const [at, one] of judgements.entries()) {
      const { payment_id: _, ...theirs } = movements[at] as Movement
      if ('problem' in one) run = await raise(tx, run, one.payment_id, theirs.reference, { problem: one.problem, ...theirs })
    }
    await statement.markPayments(tx, paymentsIn(agreed(judgements)))
    await statement.markRefunds(tx, refundsIn(agreed(judgements)))
    return { run, judgements }
  }

  /** One step, unless somebody else has taken it; then where they are. */
  const step = async <T>(
    run: Run,
    work: (tx: Tx, step: Run) => Promise<{ run: Run; told: T }>,
  ): Promise<{ run: Run; told?: T }> =>
    transaction(db, async (tx) => {
      const locked = await statement.lockStep(tx, run)
      if (!locked) return { run: (await statement.findRunning(tx, run.provider)) ?? { ...run, phase: 'done' as const } }
      const { run: after, told } = await work(tx, locked)
      return { run: await statement.advance(tx, after), told }
    })

  const readTheirs = async (run: Run, list: List): Promise<Run> => {
    const { movements, next } = await list({ from: run.from_at, to: run.to_at, cursor: run.cursor })
    const { run: after, told = [] } = await step(run, async (tx, locked) => {
      const { run: judged, judgements } = await judgePage(tx, locked, movements)
      return { run: { ...judged, cursor: next, phase: next === null ? 'ours' : 'theirs' }, told: judgements }
    })
    await askAgain(told)
    return after
  }

  const differs = (payment: PaymentRow, seen: ProviderPayment | null) =>
    seen?.status !== 'succeeded' || seen.amount_minor !== payment.amount_minor || seen.currency !== payment.currency

  const finish = async (tx: Tx, locked: Run): Promise<{ run: Run; told: undefined }> => {
    let run: Run = { ...locked, phase: 'done', cursor: null }
    for (const { id: refund_id, payment_id, amount_minor } of await statement.findUnseenRefunds(tx, locked))
      run = await raise(tx, run, payment_id, null, { problem: 'refund_missing', refund_id, amount_minor })
    const data = { count: String(run.differences) }
    if (run.differences > 0)
      for (const user_id of await statement.findAdmins(tx))
        await jobs.send(tx, 'mail.account', { kind: 'books_differ', user_id, data })
    return { run, told: undefined }
  }

  /** What none of their pages has named may have been begun before the first of them: it is asked for by name. */
  const readOurs = async (run: Run): Promise<Run> => {
    const ids = await statement.findUnseen(db, run, Number(run.cursor ?? 0), BATCH)
    if (ids.length === 0) return (await step(run, finish)).run
    const asked: { payment: PaymentRow; seen: ProviderPayment | null }[] = []
    for (const id of ids) {
      const payment = await payments.find(db, id)
      if (payment && CAPTURED.has(payment.status)) asked.push({ payment, seen: await payments.seek(payment) })
    }
    const compare = async (tx: Tx, locked: Run) => {
      let after: Run = { ...locked, cursor: String(ids.at(-1)) }
      for (const { payment, seen } of asked.filter((one) => differs(one.payment, one.seen)))
        after = await raise(tx, after, payment.id, payment.provider_reference, {
          problem: 'missing',
          theirs: seen?.amount_minor ?? null,
        })
      await statement.markPayments(
        tx,
        asked.filter((one) => !differs(one.payment, one.seen)).map(({ payment }) => payment.id),
      )
      return { run: after, told: undefined }
    }
    return (await step(run, compare)).run
  }

  return {
    /** Goes on with what was begun, or begins when a day has passed, or `now`. Null when there is nothing to compare. */
    run: async ({ now = false }: { now?: boolean } = {}): Promise<Reconciled | null> => {
      const { provider } = payments.whoTakes
      const list = provider === null ? undefined : payments.provider().list
      if (provider === null || !list) return null
      await statement.begin(db, provider, now)
      let run = await statement.findRunning(db, provider)
      if (!run) return null
      while (run.phase !== 'done') run = run.phase === 'theirs' ? await readTheirs(run, list) : await readOurs(run)
      const { from_at: from, to_at: to, movements, differences } = run
      log.info({ provider, from, to, movements, differences }, 'books compared')
      return { provider, from, to, movements, differences }
    },
  }
}
