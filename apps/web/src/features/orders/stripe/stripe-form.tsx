import type { Stripe, StripeElements } from '@stripe/stripe-js'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { minorUnits } from '#lib/format.ts'
import { Closed } from '../closed.tsx'
import style from '../pay.module.css'
import type { ConfirmCard } from '../use-pay.ts'
import { stripeLook, watchScheme } from './look.ts'
import { askStripe, outcomeOfConfirm, theStripe } from './stripe.ts'

/** What the button of the page needs of Stripe's form. `check` is false while something is missing in it. */
export type StripeHandle = { check: () => Promise<boolean>; confirm: ConfirmCard; focus: () => void }

type Props = { publishable_key: string; amount: number; currency: string; onHandle: (handle: StripeHandle | undefined) => void }

/** This page again, with all that it was told and without what Stripe itself adds. */
const thisPage = () => {
  const url = new URL(location.href)
  for (const name of ['payment_intent', 'payment_intent_client_secret', 'redirect_status']) url.searchParams.delete(name)
  return url.href
}

const createHandle = (stripe: Stripe, elements: StripeElements, publishable_key: string): StripeHandle => ({
  check: async () => (await elements.submit()).error === undefined,
  focus: () => elements.getElement('payment')?.focus(),
  confirm: async (client_secret) =>
    outcomeOfConfirm(
      await stripe.confirmPayment({
        elements,
        clientSecret: client_secret,
        confirmParams: { return_url: thisPage() },
        redirect: 'if_required',
      }),
      () => askStripe(publishable_key, client_secret),
    ),
})

/** Stripe's Payment Element in our colours. Card numbers never reach our page, nor our server. */
export const StripeForm = ({ publishable_key, amount, currency, onHandle }: Props) => {
  const { t } = useTranslation('orders')
  const place = useRef<HTMLDivElement>(null)
  const elements = useRef<StripeElements>(undefined)
  const [state, setState] = useState<'loading' | 'ready' | 'broken'>('loading')
  const minor = minorUnits(amount, currency)
  const first = useRef(minor)

  useEffect(() => {
    let gone = false
    const show = async () => {
      const stripe = await theStripe(publishable_key)
      if (gone || !place.current) return
      const made = stripe.elements({
        mode: 'payment',
        amount: first.current,
        currency: currency.toLowerCase(),
        appearance: stripeLook(),
      })
      elements.current = made
      const form = made.create('payment', { layout: 'tabs' })
      form.on('ready', () => {
        setState('ready')
        onHandle(createHandle(stripe, made, publishable_key))
      })
      form.on('loaderror', () => setState('broken'))
      form.mount(place.current)
    }
    show().catch(() => setState('broken'))
    const unwatch = watchScheme(() => void elements.current?.update({ appearance: stripeLook() }))
    return () => {
      gone = true
      unwatch()
      onHandle(undefined)
      elements.current?.getElement('payment')?.destroy()
      elements.current = undefined
    }
  }, [publishable_key, currency, onHandle])

  useEffect(() => {
    first.current = minor
    void elements.current?.update({ amount: minor })
  }, [minor])

  return (
    <div className={style.stripe} role="group" aria-label={t('pay.card')} aria-busy={state === 'loading'}>
      {state === 'loading' && <div className={`skeleton ${style.stripeWaiting}`} />}
      {state === 'broken' && <Closed why={t('pay.form_away')} />}
      <div ref={place} />
    </div>
  )
}
