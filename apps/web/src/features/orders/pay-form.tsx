import { Button } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'

import { useUser } from '#features/account/session.ts'
import { paymentProvider, type Order } from './api.ts'
import { CardChoice, type TestCard } from './card-choice.tsx'
import { Closed } from './closed.tsx'
import { Contact } from './contact.tsx'
import { money } from './money.ts'
import { useOrderSessions } from './order-sessions.ts'
import type { Outcome } from './pay-outcome.ts'
import { PayTrouble, SeatsLink } from './pay-trouble.tsx'
import style from './pay.module.css'
import { formatShowing, useTimezone } from './place.ts'
import type { StripeHandle } from './stripe/stripe-form.tsx'
import type { usePay } from './use-pay.ts'

const StripeForm = lazy(async () => ({ default: (await import('./stripe/stripe-form.tsx')).StripeForm }))

/** Its cards are names for what a bank may do. */
const MOCK = 'mock'
const STRIPE = 'stripe'

const emailProblem = (outcome: Outcome | undefined) => {
  if (outcome?.kind !== 'email') return undefined
  return outcome.wrong ? 'trouble.email_wrong' : 'trouble.email_required'
}

type FormProps = {
  order: Order
  byKey: boolean
  busy: boolean
  outcome: Outcome | undefined
  onPay: ReturnType<typeof usePay>['pay']
}

/** What is to be paid now, and whether the buyer has agreed to it: another amount than was shown is told first. */
const useAmount = (order: Order, outcome: Outcome | undefined) => {
  const [agreed, setAgreed] = useState(order.amount_due)
  const amount = outcome?.kind === 'price' ? outcome.amount : order.amount_due
  // What became less by a code or points needs no consent.
  const told: Outcome | undefined = amount <= agreed ? outcome : { kind: 'price', amount }
  return { amount, told, agree: () => setAgreed(amount) }
}

/** A button that was waiting has lost the focus; a mistake is read out with its field. */
const useFocusOn = (form: RefObject<HTMLFormElement | null>, lead: 'email' | 'pay', troubled: boolean) =>
  useEffect(() => {
    const element = troubled ? form.current?.elements.namedItem(lead) : undefined
    if (element instanceof HTMLElement && (lead === 'email' || document.activeElement === document.body)) element.focus()
  }, [form, troubled, lead])

type CardsProps = {
  order: Order
  amount: number
  card: TestCard
  onCard: (card: TestCard) => void
  onStripe: (handle: StripeHandle | undefined) => void
}

/** How the provider of this installation lets a card be shown; what costs nothing needs none. */
const Cards = ({ order, amount, card, onCard, onStripe }: CardsProps) => {
  const { t } = useTranslation('orders')
  const { data } = useSuspenseQuery(paymentProvider)
  if (amount === 0) return null
  if (data.provider === MOCK) return <CardChoice value={card} onChange={onCard} />
  if (data.provider !== STRIPE || data.publishable_key === null) return <Closed why={t('pay.nobody')} />
  return (
    <Suspense fallback={<div className={`skeleton ${style.stripeWaiting}`} />}>
      <StripeForm publishable_key={data.publishable_key} amount={amount} currency={order.currency} onHandle={onStripe} />
    </Suspense>
  )
}

export const PayForm = ({ order, byKey, busy, outcome, onPay }: FormProps) => {
  const { t } = useTranslation('orders')
  const client = useQueryClient()
  const user = useUser()
  const [email, setEmail] = useState(order.email ?? '')
  const [missing, setMissing] = useState(false)
  const { data: provider } = useSuspenseQuery(paymentProvider)
  const [card, setCard] = useState<TestCard>('tok_ok')
  const [stripe, setStripe] = useState<StripeHandle>()
  const { amount, told, agree } = useAmount(order, outcome)
  const due = money(amount, order.currency)
  const isMock = provider.provider === MOCK
  const canPay = isMock || amount === 0 || stripe !== undefined
  const problem = missing ? 'trouble.email_required' : emailProblem(outcome)
  const form = useRef<HTMLFormElement>(null)
  useFocusOn(form, problem === undefined ? 'pay' : 'email', !busy && (problem !== undefined || told !== undefined))

  const anotherCard = () => {
    if (stripe) stripe.focus()
    else form.current?.querySelector<HTMLElement>('[name="card"]:checked')?.focus()
  }
  const submit = async () => {
    const address = user || byKey ? undefined : email.trim()
    setMissing(address === '')
    if (address === '') return
    if (stripe && amount > 0 && !(await stripe.check())) return
    agree()
    await onPay({ card_token: isMock ? card : undefined, amount, email: address, confirm: stripe?.confirm })
  }
  return (
    <div className={style.form}>
      <title>{`${t('pay.title')} · Marquee`}</title>
      <SeatsLink order={order} className={style.back}>
        <IconArrowLeft size={18} aria-hidden /> {t('pay.back')}
      </SeatsLink>
      <h1>{t('pay.title')}</h1>
      {byKey ? (
        <p className={style.signed}>{t('pay.by_key')}</p>
      ) : (
        <Contact
          key={outcome?.kind === 'signed_out' ? 'out' : 'in'}
          email={email}
          error={problem && t(problem)}
          onEmail={setEmail}
          signIn={outcome?.kind === 'signed_out'}
          onSigned={() => void client.invalidateQueries({ queryKey: ['orders'] })}
        />
      )}
      <form
        ref={form}
        id="pay"
        className={style.cardForm}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
        noValidate
      >
        <Cards order={order} amount={amount} card={card} onCard={setCard} onStripe={setStripe} />
        <PayTrouble outcome={told} order={order} onAnotherCard={anotherCard} />
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
  return first && <p className="fine">{t('pay.cutoff', { time: formatShowing(first.until, timezone) })}</p>
}
