import type { Page } from 'playwright-core'

import type { createLocalStripe } from '../../api/src/testing/stripe/server.ts'

export type LocalStripe = ReturnType<typeof createLocalStripe>

/**
 * What a page sees of Stripe.js, with a list of test cards in the place of Stripe's frame. It speaks to "Stripe" only at
 * the addresses that the policy of our pages allows.
 */
const SCRIPT = `
window.Stripe = () => {
  const ask = async (what, body) => (await fetch('https://api.stripe.com/v1/' + what, { method: 'POST', body: JSON.stringify(body) })).json()
  let cards
  const elements = (options) => {
    const heard = {}
    window.stripeOptions = [options]
    const form = {
      on: (name, hear) => { heard[name] = hear; return form },
      mount: (place) => {
        cards = document.createElement('select')
        cards.style.width = '100%'
        cards.setAttribute('aria-label', 'Card of Stripe')
        cards.append(new Option('', ''), ...${JSON.stringify([
          'pm_card_visa',
          'pm_card_visa_chargeDeclinedInsufficientFunds',
          'pm_card_authenticationRequired',
          'pm_card_refundFail',
        ])}.map((name) => new Option(name, name)))
        place.append(cards)
        heard.ready()
      },
      destroy: () => cards.remove(),
      focus: () => cards.focus(),
    }
    return {
      create: () => form,
      getElement: () => form,
      update: (change) => window.stripeOptions.push(change),
      submit: async () => (cards.value === '' ? { error: { type: 'validation_error' } } : {}),
    }
  }
  return {
    elements,
    confirmPayment: async ({ clientSecret, confirmParams }) => {
      const answer = await ask('confirm', { secret: clientSecret, card: cards.value })
      if (answer.paymentIntent?.status !== 'requires_action') return answer
      location.href = 'https://hooks.stripe.com/3d?' + new URLSearchParams({ secret: clientSecret, back: confirmParams.return_url })
      return new Promise(() => {})
    },
    retrievePaymentIntent: (secret) => ask('retrieve', { secret }),
  }
}`

const idOf = (secret: string) => secret.split('_secret_')[0] ?? ''

/** Puts a browser's side of Stripe into the page: what is paid there is paid in the books of the local Stripe. */
export const serveStripeJs = async (page: Page, { bank }: LocalStripe) => {
  await page.route('https://js.stripe.com/**', (route) =>
    route.fulfill({ contentType: 'application/javascript', body: SCRIPT, headers: { 'access-control-allow-origin': '*' } }),
  )
  await page.route('https://api.stripe.com/**', async (route) => {
    const { secret, card } = route.request().postDataJSON() as { secret: string; card?: string }
    const paid = card === undefined || bank.payInBrowser(idOf(secret), card)
    const intent = bank.get(idOf(secret))
    await route.fulfill({
      headers: { 'access-control-allow-origin': '*' },
      json: paid ? { paymentIntent: intent } : { error: { ...intent.last_payment_error, type: 'card_error' } },
    })
  })
  await page.route('https://hooks.stripe.com/**', (route) => {
    const asked = new URL(route.request().url()).searchParams
    const back = new URL(asked.get('back') ?? '')
    back.searchParams.set('payment_intent_client_secret', asked.get('secret') ?? '')
    back.searchParams.set('redirect_status', 'succeeded')
    return route.fulfill({
      contentType: 'text/html',
      body: `<title>Your bank</title><h1>Your bank</h1><a href="${back.href.replaceAll('&', '&amp;')}">It was me</a>`,
    })
  })
}
