import { afterAll, beforeAll, expect } from 'vitest'

import { createLocalStripe } from '../../api/src/testing/stripe/server.ts'
import { type RunningApp, startApp } from './app.ts'
import {
  emailField,
  findShowing,
  freeTogether,
  goToPay,
  hold,
  mine,
  openHall,
  payButton,
  paymentsOf,
  tap,
  tickets,
  waitForTickets,
} from './buying.ts'
import { enterDesk } from './desk.ts'
import { inspect, type View } from './pages.ts'
import { appUrl, desktop, phone, test, until, visit } from './stage.ts'
import { type LocalStripe, serveStripeJs } from './stripe-js.ts'

const SECRET_KEY = 'sk_test_e2e'
const SIGNING = 'whsec_only_for_the_browser_tests'

let stripe: LocalStripe | undefined
let app: RunningApp | undefined

beforeAll(async () => {
  if (appUrl === '') return
  app = await startApp('postgres', async (url) => {
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
    expect(await inspect(page, 'pay-stripe-declined', phone)).toEqual([])
    await page.getByRole('button', { name: 'Інша картка' }).click()
    expect(await page.getByLabel('Card of Stripe').evaluate((cards) => cards === document.activeElement)).toBe(true)
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

test('after a declined card other seats may be chosen, and they are what is paid', () =>
  atStripe(phone, 11, async (page) => {
    await emailField(page).fill('olena@example.com')
    await page.getByLabel('Card of Stripe').selectOption('pm_card_visa_chargeDeclinedInsufficientFunds')
    await payButton(page).click()
    await page.getByText('На картці бракує коштів').waitFor()
    await page.getByRole('link', { name: 'Змінити місця' }).last().click()
    await mine(page).first().waitFor({ state: 'attached' })
    const before = Number(await mine(page).first().getAttribute('data-seat'))
    await page.getByRole('button', { name: 'Уся зала' }).click()
    await hold(page, await freeTogether(page, 1, 1))
    await tap(page, before)
    await page.locator(`[data-seat="${before}"][data-look="free"]`).waitFor({ state: 'attached' })
    await goToPay(page)
    await page.getByLabel('Card of Stripe').selectOption('pm_card_visa')
    await emailField(page).fill('olena@example.com')
    await payButton(page).click()
    await waitForTickets(page)
    // The seat that was let go stands there too, without a code.
    expect(await tickets(page).locator('svg[role="img"]').count()).toBe(1)
    expect((await paymentsOf(page)).filter((status) => status === 'success')).toEqual(['success'])
  }))

test('whoever leaves the page of their bank may pay by another card, and comes back to the page that sent them here', () =>
  atStripe(phone, 14, async (page) => {
    await page.goto(
      `${page.url()}?${new URLSearchParams({ return_url: `${new URL(page.url()).origin}/cinemas?from=pay` }).toString()}`,
    )
    const address = page.url()
    await emailField(page).fill('olena@example.com')
    await page.getByLabel('Card of Stripe').selectOption('pm_card_authenticationRequired')
    await payButton(page).click()
    await page.getByRole('heading', { name: 'Your bank' }).waitFor()
    expect(new URL(page.url()).searchParams.get('back')).toBe(address)
    await page.goto(address)
    await page.getByLabel('Card of Stripe').selectOption('pm_card_visa')
    await payButton(page).click()
    await page.waitForURL('**/cinemas?from=pay')
    await page.getByRole('heading', { level: 1 }).waitFor()
  }))

test('a refund that the bank refuses is tried again by staff until it arrives', () =>
  atStripe(desktop, 17, async (page, bank) => {
    await emailField(page).fill('olena@example.com')
    await page.getByLabel('Card of Stripe').selectOption('pm_card_refundFail')
    await payButton(page).click()
    await waitForTickets(page)
    const reference = new URL(page.url()).pathname.split('/')[2] ?? ''
    await page.getByRole('button', { name: 'Повернути квиток' }).click()
    await page
      .locator('dialog[open]')
      .getByRole('button', { name: /^Повернути/ })
      .click()
    await page.locator('dialog[open]').getByText('уже в дорозі').waitFor()
    await visit(
      desktop,
      async (desk) => {
        await enterDesk(desk, 'manager', '/staff/sales/refunds')
        const row = desk.locator('tr').filter({ hasText: reference })
        const stands = (word: string) =>
          until(
            async () => {
              await desk.reload()
              await row.waitFor()
              return row.getByText(word, { exact: true }).count()
            },
            (count) => count === 1,
          )
        await stands('Відхилено (expired_or_canceled_card)')
        const faults = await inspect(desk, 'desk-refund-refused', desktop)
        const retry = row.getByRole('button', { name: `Повторити повернення за замовленням ${reference}` })
        await retry.click()
        await desk.getByText('Пробуємо ще раз.').waitFor()
        // The card is as dead as before, and then its bank has given the buyer a new one.
        await stands('Відхилено (expired_or_canceled_card)')
        const charges = bank.journal.filter(({ kind }) => kind === 'charge').map(({ reference: id }) => bank.get(id))
        const [charge, ...others] = charges.filter(({ payment_method }) => payment_method === 'pm_card_refundFail')
        expect([charge?.status, others]).toEqual(['succeeded', []])
        Object.assign(charge ?? {}, { payment_method: 'pm_card_visa' })
        await retry.click()
        await stands('Повернуто')
        expect(await retry.count()).toBe(0)
        expect(faults).toEqual([])
      },
      { url: app?.url ?? '' },
    )
  }))

test('a charge that our books do not know is an alarm, which an admin closes with what they have found out', () => {
  const [its, { url = '' } = {}] = [stripe, app]
  return visit(
    phone,
    async (page) => {
      const strange = its?.bank.create({ amount: 12_300, currency: 'uah', metadata: {} })
      // Long enough ago for both sides to have heard of it.
      Object.assign(strange ?? {}, { created: Math.floor(Date.now() / 1000) - 3600 })
      its?.bank.payInBrowser(strange?.id ?? '', 'pm_card_visa')
      // It says by its end that the books differ.
      expect(await app?.command('reconcile')).toBe(1)
      await enterDesk(page, 'admin', '/staff/sales/alarms')
      const alarm = page.locator('li').filter({ hasText: strange?.id ?? '' })
      await alarm.getByText('Сервіс узяв гроші, про які ми не знаємо.').waitFor()
      await alarm.getByText(/^123\s₴$/).waitFor()
      const faults = await inspect(page, 'desk-alarm', phone)
      await alarm.getByRole('button', { name: 'Закрити з поясненням…' }).click()
      const dialog = page.locator('dialog[open]')
      const close = dialog.getByRole('button', { name: 'Закрити тривогу' })
      expect(await close.isDisabled()).toBe(true)
      await dialog.getByLabel('Що з’ясували').fill('Пробний платіж адміністратора')
      faults.push(...(await inspect(page, 'desk-alarm-close', phone)))
      await close.click()
      await page.getByText('Тривогу закрито.').waitFor()
      await alarm.waitFor({ state: 'detached' })
      await page.getByLabel('Стан').selectOption('resolved')
      await alarm.getByText('Пробний платіж адміністратора').waitFor()
      // Compared once more, it is not told again.
      expect(await app?.command('reconcile')).toBe(0)
      await page.getByLabel('Стан').selectOption('open')
      await page.getByRole('heading', { name: 'Тривоги' }).waitFor({ state: 'attached' })
      expect(await alarm.count()).toBe(0)
      expect(faults).toEqual([])
    },
    { url },
  )
})

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
