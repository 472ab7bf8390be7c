import { Button } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useUser } from '#features/account/session.ts'
import { orderByReference, paymentProvider, type Order } from './api.ts'
import { CardChoice, type TestCard } from './card-choice.tsx'
import { Checking } from './checking.tsx'
import { Contact } from './contact.tsx'
import { HoldClock } from './hold-clock.tsx'
import { money } from './money.ts'
import { useOrderSessions } from './order-sessions.ts'
import { OrderSummary } from './order-summary.tsx'
import type { Outcome } from './pay-outcome.ts'
import { PayOver, PayTrouble } from './pay-trouble.tsx'
import style from './pay.module.css'
import { formatShowing, useTimezone } from './place.ts'
import { usePay } from './use-pay.ts'

/** The only provider so far: its cards are names for what a bank may do. */
const MOCK = 'mock'
/** Staff may cancel a screening, and another tab may change the order: the page learns of it without a click. */
const ASK_MS = 8000

/** Pays what is held: an e-mail, a card, one button. */
export const PayPage = () => {
  const { reference } = useParams({ from: '/pay/$reference' })
  const { data: order } = useSuspenseQuery({
    ...orderByReference(reference),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? ASK_MS : false),
  })
  const navigate = useNavigate()
  const done = useCallback(
    () => void navigate({ to: '/order/$reference', params: { reference }, replace: true }),
    [navigate, reference],
  )
  const settled = order.status === 'paid' || order.status === 'partially_refunded'
  useEffect(() => {
    if (settled) done()
  }, [settled, done])
  if (settled) return <Checking offline={false} />
  return <Paying key={order.id} order={order} onPaid={done} />
}

const emailProblem = (outcome: Outcome | undefined) => {
  if (outcome?.kind !== 'email') return undefined
  return outcome.wrong ? 'trouble.email_wrong' : 'trouble.email_required'
}

const Paying = ({ order, onPaid }: { order: Order; onPaid: () => void }) => {
  const client = useQueryClient()
  const { pay, busy, outcome, setOutcome } = usePay(order, onPaid)
  const put = useCallback((fresh: Order) => client.setQueryData(['orders', order.reference], fresh), [client, order.reference])
  const over = useCallback(() => {
    // The server has the last word: it may have been paid or prolonged elsewhere.
    void client.invalidateQueries({ queryKey: ['orders', order.reference] })
    setOutcome((now) => (now?.kind === 'checking' ? now : { kind: 'expired' }))
  }, [client, order.reference, setOutcome])

  if (outcome?.kind === 'checking' && !busy) return <Checking offline={outcome.offline} />
  if (outcome?.kind === 'expired' || outcome?.kind === 'session') return <PayOver outcome={outcome} order={order} />
  if (order.status !== 'pending') return <PayOver outcome={{ kind: 'expired' }} order={order} />
  return (
    <div className={`page ${style.pay}`}>
      <PayForm order={order} busy={busy} outcome={outcome} onPay={pay} />
      <aside className={style.side}>
        <OrderSummary order={order} />
      </aside>
      <div className={style.clock}>
        <HoldClock key={order.id} order={order} onOrder={put} onOver={over} />
      </div>
    </div>
  )
}

type FormProps = { order: Order; busy: boolean; outcome: Outcome | undefined; onPay: ReturnType<typeof usePay>['pay'] }

const PayForm = ({ order, busy, outcome, onPay }: FormProps) => {
  const { t } = useTranslation('orders')
  const client = useQueryClient()
  const user = useUser()
  const [email, setEmail] = useState(order.email ?? '')
  const [missing, setMissing] = useState(false)
  const { data: provider } = useSuspenseQuery(paymentProvider)
  const [card, setCard] = useState<TestCard>('tok_ok')
  const [agreed, setAgreed] = useState(order.amount_due)
  const amount = outcome?.kind === 'price' ? outcome.amount : order.amount_due
  const due = money(amount, order.currency)
  /** What costs nothing needs nobody to take it. */
  const canPay = provider === MOCK || amount === 0
  /** Another amount than was shown is told and agreed to before it is paid. */
  const told: Outcome | undefined = amount === agreed ? outcome : { kind: 'price', amount }
  const problem = missing ? 'trouble.email_required' : emailProblem(outcome)
  const form = useRef<HTMLFormElement>(null)
  const troubled = !busy && (problem !== undefined || told !== undefined)
  const lead = problem === undefined ? 'pay' : 'email'
  useEffect(() => {
    const element = troubled ? form.current?.elements.namedItem(lead) : undefined
    // A button that was waiting has lost the focus; a mistake is read out with its field.
    if (element instanceof HTMLElement && (lead === 'email' || document.activeElement === document.body)) element.focus()
  }, [troubled, lead])
  const submit = (event: { preventDefault: () => void }) => {
    event.preventDefault()
    const address = email.trim()
    setMissing(!user && address === '')
    if (!user && address === '') return
    setAgreed(amount)
    void onPay({ card_token: provider === MOCK ? card : undefined, amount, email: user ? undefined : address })
  }
  return (
    <div className={style.form}>
      <title>{`${t('pay.title')} · Marquee`}</title>
      <BackToHall order={order} />
      <h1>{t('pay.title')}</h1>
      <Contact
        key={outcome?.kind === 'signed_out' ? 'out' : 'in'}
        email={email}
        error={problem && t(problem)}
        onEmail={setEmail}
        signIn={outcome?.kind === 'signed_out'}
        onSigned={() => void client.invalidateQueries({ queryKey: ['orders'] })}
      />
      <form ref={form} id="pay" className={style.cardForm} onSubmit={submit} noValidate>
        {provider === MOCK && <CardChoice value={card} onChange={setCard} />}
        <PayTrouble outcome={told} currency={order.currency} />
        {canPay || <p className={style.closed}>{t('pay.nobody')}</p>}
        <Button type="submit" name="pay" size="lg" loading={busy} disabled={!canPay}>
          {told?.kind === 'price' ? t('trouble.confirm_price', { amount: due }) : t('pay.submit', { amount: due })}
        </Button>
        <ReturnableUntil order={order} />
      </form>
    </div>
  )
}

/** Said before anything is paid; with several screenings, the day on which the first of them can no longer be returned. */
const ReturnableUntil = ({ order }: { order: Order }) => {
  const { t } = useTranslation('orders')
  const [first] = useOrderSessions(order)
    .flatMap(({ session, tickets }) => tickets.map(({ returnable_until }) => ({ session, until: returnable_until ?? '' })))
    .filter(({ until }) => until !== '')
    .toSorted((a, b) => a.until.localeCompare(b.until))
  const timezone = useTimezone(first?.session?.cinema_id)
  return first && <p className={style.soft}>{t('pay.cutoff', { time: formatShowing(first.until, timezone) })}</p>
}

const BackToHall = ({ order }: { order: Order }) => {
  const { t } = useTranslation('orders')
  const [ticket] = order.tickets
  if (!ticket) return null
  return (
    <Link to="/showing/$session_id" params={{ session_id: String(ticket.session_id) }} className={style.back}>
      <IconArrowLeft size={18} aria-hidden /> {t('pay.back')}
    </Link>
  )
}
