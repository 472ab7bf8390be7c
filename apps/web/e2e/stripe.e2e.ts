import { afterAll, beforeAll, expect } from 'vitest'

import { createLocalStripe } from '../../api/src/testing/stripe/server.ts'
import { type RunningApp, startApp } from './app.ts'
import {
  emailField,
  findShowing,
  freeTogether,
  goToPay,
  hold,
  openHall,
  payButton,
  paymentsOf,
  tickets,
  waitForTickets,
} from './buying.ts'
import { inspect, type View } from './pages.ts'
import { appUrl, desktop, phone, test, visit } from './stage.ts'
import { type LocalStripe, serveStripeJs } from './stripe-js.ts'

const SECRET_KEY = 'sk_test_e2e'
const SIGNING = 'whsec_only_for_the_browser_tests'

let stripe: LocalStripe | undefined
let app: RunningApp | undefined

beforeAll(async () => {
  if (appUrl === '') return
  app = await startApp('embedded', async (url) => {
    stripe = createLocalStripe({
      secretKey: SECRET_KEY,
      webhookSecrets: [SIGNING],
      target: `${url}/api/v1/payments/webhook`,
    })
    return {
      PAYMENT_PROVIDER: 'stripe',
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_PUBLISHABLE_KEY: 'pk_test_e2e',
      STRIPE_WEBHOOK_SECRETS: SIGNING,
      STRIPE_API_URL: await stripe.app.listen({ host: '127.0.0.1', port: 0 }),
    }
  })
  await app.ready
})
afterAll(async () => {
  await app?.stop()
  await stripe?.close()
})

const atStripe = (
  view: View,
  nth: number,
  run: (page: Parameters<Parameters<typeof visit>[1]>[0], bank: LocalStripe['bank']) => Promise<void>,
) => {
  const [{ url = '' } = {}, its] = [app, stripe]
  if (!its) throw new Error('There is no Stripe.')
  return visit(
    view,
    async (page) => {
      await serveStripeJs(page, its)
      await openHall(page, await findShowing(url, nth))
      await hold(page, await freeTogether(page, 1))
      await goToPay(page)
      await page.getByLabel('Card of Stripe').waitFor()
      await run(page, its.bank)
    },
    { url },
  )
}

test('Stripe’s form takes a card: a declined one keeps the seats, the next pays the same intent, and the ticket comes', () =>
  atStripe(phone, 1, async (page, bank) => {
    expect(await inspect(page, 'pay-stripe', phone)).toEqual([])
    await payButton(page).click()
    await page.getByText('Вкажіть пошту').waitFor()
    await emailField(page).fill('olena@example.com')
    // Nothing is chosen in Stripe's form: it says so itself, and nothing is begun.
    await payButton(page).click()
    expect(await page.getByRole('alert').allInnerTexts()).toEqual([])
    await page.getByLabel('Card of Stripe').selectOption('pm_card_visa_chargeDeclinedInsufficientFunds')
    await payButton(page).click()
    await page.getByText('На картці бракує коштів').waitFor()
    await page.getByLabel('Card of Stripe').selectOption('pm_card_visa')
    await payButton(page).click()
    await waitForTickets(page)
    expect(await paymentsOf(page)).toEqual(['success'])
    expect(bank.journal.filter(({ kind }) => kind === 'charge').length).toBeGreaterThan(0)
  }))

test('whoever must ask their bank comes back to a payment that is checked and never made twice', () =>
  atStripe(desktop, 5, async (page, bank) => {
    const asked = await page.evaluate(() => (window as unknown as { stripeOptions: { amount: number }[] }).stripeOptions)
    const due = await payButton(page).innerText()
    expect(asked[0]?.amount).toBe(Number(due.replaceAll(/[^\d,]/g, '').replace(',', '.')) * 100)
    await emailField(page).fill('olena@example.com')
    await page.getByLabel('Card of Stripe').selectOption('pm_card_authenticationRequired')
    await payButton(page).click()
    await page.getByRole('heading', { name: 'Your bank' }).waitFor()
    const secret = new URL(page.url()).searchParams.get('secret') ?? ''
    bank.authenticate(secret.split('_secret_')[0] ?? '')
    await page.getByRole('link', { name: 'It was me' }).click()
    await waitForTickets(page)
    expect(await tickets(page).count()).toBe(1)
    expect(await paymentsOf(page)).toEqual(['success'])
  }))

test('a reload in the middle of a payment asks Stripe how it stands, and the form is there again', () =>
  atStripe(phone, 8, async (page) => {
    await emailField(page).fill('olena@example.com')
    await page.getByLabel('Card of Stripe').selectOption('pm_card_visa_chargeDeclinedInsufficientFunds')
    await payButton(page).click()
    await page.getByText('На картці бракує коштів').waitFor()
    await page.reload()
    await page.getByText('На картці бракує коштів').waitFor()
    await page.getByLabel('Card of Stripe').selectOption('pm_card_visa')
    await payButton(page).click()
    await waitForTickets(page)
    expect(await paymentsOf(page)).toEqual(['success'])
  }))

test('only where Stripe takes the money do pages let it in', async () => {
  const policyAt = async (url: string) => (await fetch(`${url}/cinemas`)).headers.get('content-security-policy') ?? ''
  expect(await policyAt(app?.url ?? '')).toMatch(
    /script-src 'self'.* https:\/\/js\.stripe\.com.*connect-src 'self' https:\/\/api\.stripe\.com;.*frame-src .*https:\/\/hooks\.stripe\.com/,
  )
  expect(await policyAt(appUrl)).not.toContain('stripe')
})
