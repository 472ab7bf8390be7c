import { beforeAll, expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, openHall, payButton, waitForTickets } from './buying.ts'
import { mailedLink } from './mailbox.ts'
import { inspect } from './pages.ts'
import { codeOf, enterBy, newEmail, PASSWORD, signUp } from './people.ts'
import { appUrl, desktop, hastyData, hastyUrl, phone, test, untilHasty, visit } from './stage.ts'

beforeAll(untilHasty)

test('a new account waits for the link in the mail, then opens; a forgotten password is set anew by another', () =>
  visit(
    phone,
    async (page) => {
      const email = newEmail('activation')
      await signUp(page, email)
      await page.getByText('Ми надіслали вам лист').waitFor()
      expect(await inspect(page, 'link-sent', phone)).toEqual([])
      await page.goto('/account/sign-in')
      await enterBy(page, email)
      await page.getByText('Підтвердьте пошту').waitFor()
      await page.goto(await mailedLink(hastyData, email, 'activation'))
      await page.getByText('Тепер можна входити').waitFor()
      await page.reload()
      await page.getByText('Це посилання вже не діє').waitFor()

      await page.goto('/account/sign-in')
      await page.locator('input[name="email"]').fill(email)
      await page.getByRole('link', { name: 'Забули пароль?' }).click()
      expect(await page.locator('input[name="email"]').inputValue()).toBe(email)
      await page.getByRole('button', { name: 'Надіслати посилання' }).click()
      await page.getByText('Якщо такий акаунт є').waitFor()
      await page.goto(await mailedLink(hastyData, email, 'password_reset'))
      await page.getByLabel('Новий пароль').fill('password1')
      await page.getByRole('button', { name: 'Зберегти пароль' }).click()
      await page.getByText(/Пароль заслабкий|надто поширений/).waitFor()
      await page.getByLabel('Новий пароль').fill('Another-Test-2')
      await page.getByRole('button', { name: 'Зберегти пароль' }).click()
      await page.getByRole('link', { name: 'Увійти' }).click()
      await enterBy(page, email, 'Another-Test-2')
      await page.waitForURL('**/account')
      await page.getByText(email).waitFor()
    },
    { url: hastyUrl },
  ))

test('who has set up an authenticator app is asked for its code at the door, and a recovery code stands in for it', () =>
  visit(desktop, async (page) => {
    const email = newEmail('totp')
    await signUp(page, email)
    await page.waitForURL('**/account')
    await page.goto('/account/security')
    const section = page.locator('section[aria-labelledby="totp"]')
    await section.getByRole('button', { name: 'Увімкнути' }).click()
    const secret = await section.locator('p span').innerText()
    await section.getByLabel('Код із застосунку').fill('000000')
    await section.getByRole('button', { name: 'Підтвердити' }).click()
    await section.getByText('Код не підходить').waitFor()
    await section.getByLabel('Код із застосунку').fill(codeOf(secret))
    await section.getByRole('button', { name: 'Підтвердити' }).click()
    await section.locator('li').nth(9).waitFor()
    const [recovery = ''] = await section.locator('li').allInnerTexts()
    await section.getByText('Я зберіг').click()
    await section.getByRole('button', { name: 'Готово' }).click()
    await section.getByText('Увімкнено').waitFor()

    const leave = async () => {
      await page.getByRole('button', { name: 'Вийти', exact: true }).click()
      await page.waitForURL(`${appUrl}/`)
      await page.goto('/account/sign-in')
      await enterBy(page, email)
    }
    await leave()
    await page.getByLabel('Код із застосунку').fill(codeOf(secret, 1))
    await page.getByRole('button', { name: 'Увійти', exact: true }).click()
    await page.waitForURL('**/account')
    await leave()
    await page.getByRole('button', { name: 'Немає телефона?' }).click()
    await page.getByLabel('Резервний код').fill(recovery)
    await page.getByRole('button', { name: 'Увійти', exact: true }).click()
    await page.waitForURL('**/account')
    await page.goto('/account/security')
    await section.getByText('Лишилося 9 резервних кодів').waitFor()
  }))

test('the pages of an account are accessible; an open sign-in of another device is ended, and who is not signed in does so in place', () =>
  visit(phone, async (page) => {
    const email = newEmail('pages')
    await signUp(page, email)
    await page.waitForURL('**/account')
    const elsewhere = await page.request.post('/api/v1/auth/login', {
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
      data: { email, password: PASSWORD },
    })
    const { access_token } = (await elsewhere.json()) as { access_token: string }
    const faults: string[] = []
    for (const name of ['profile', 'security', 'privacy']) {
      await page.goto(`/account/${name}`)
      await page.locator('main h2, main textarea').first().waitFor()
      faults.push(...(await inspect(page, `account-${name}`, phone)))
    }
    expect(faults).toEqual([])
    await page.goto('/account/security')
    await page.getByRole('button', { name: 'Завершити вхід: Firefox' }).click()
    await page.getByText('Вхід завершено.').waitFor()
    const after = await page.request.get('/api/v1/auth/me', { headers: { authorization: `Bearer ${access_token}` } })
    expect(after.status()).toBe(401)
    await page.getByRole('button', { name: 'Вийти всюди' }).click()
    await page.locator('dialog[open]').getByRole('button', { name: 'Вийти всюди' }).click()
    await page.waitForURL('**/sign-in')
    await page.goto('/account/security')
    await page.getByText('Увійдіть, щоб відкрити цю сторінку.').waitFor()
    await enterBy(page, email)
    await page.getByRole('heading', { name: 'Де ви ввійшли' }).waitFor()
    expect(page.url()).toContain('/account/security')

    // Back from a provider the cookie is here already, and nothing else.
    await page.evaluate(() => localStorage.clear())
    await page.goto('/account/sign-in?oidc=done&next=/account/privacy')
    await page.getByRole('heading', { name: 'Мої дані' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/account/privacy')
  }))

test('people take all their data away as a file, are told of tickets to come before their account goes, and then it is gone', () =>
  visit(desktop, async (page) => {
    const email = newEmail('leaving')
    await signUp(page, email)
    await page.waitForURL('**/account')
    await openHall(page, await findShowing(appUrl, 33))
    await hold(page, await freeTogether(page, 1))
    await goToPay(page)
    await payButton(page).click()
    await waitForTickets(page)
    await page.goto('/account/privacy')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Завантажити мої дані' }).click()
    expect((await download).suggestedFilename()).toMatch(/^marquee-my-data-.*\.zip$/)
    await page.getByText('Хочу дізнаватися про прем’єри').click()
    await page.getByText('Будемо розповідати.').waitFor()

    await page.getByRole('button', { name: 'Видалити акаунт…' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.locator('input[name="password"]').fill('not mine')
    await dialog.getByRole('button', { name: 'Видалити назавжди' }).click()
    await dialog.getByText('Пароль не підходить.').waitFor()
    await dialog.locator('input[name="password"]').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Видалити назавжди' }).click()
    await dialog.getByText('У вас є квитки на майбутні сеанси.').waitFor()
    expect(await inspect(page, 'account-delete', desktop)).toEqual([])
    await dialog.getByRole('button', { name: 'Усе одно видалити' }).click()
    await page.waitForURL(`${appUrl}/`)
    await page.goto('/account/sign-in')
    await enterBy(page, email)
    await page.getByText('Пошта або пароль не підходять.').waitFor()
  }))
