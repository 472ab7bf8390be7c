import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'

import { LIBRARY } from './library.ts'
import { mailedLink } from './mailbox.ts'
import { inspect } from './pages.ts'
import { newEmail, signUp } from './people.ts'
import { appUrl, desktop, hastyData, hastyUrl, phone, test, untilHasty, visit } from './stage.ts'

beforeAll(untilHasty)

const atLibrary = { name: `Увійти через ${LIBRARY}` }
const signOut = async (page: Page) => {
  await page.getByRole('button', { name: 'Вийти', exact: true }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await page.goto('/account/sign-in')
}

test('who comes from a provider gets an account, keeps the one way in, closes the account and opens it again by a mail', () =>
  visit(
    phone,
    async (page) => {
      const email = newEmail('reader')
      await page.goto('/account/sign-in?next=/account/security')
      await page.getByRole('link', atLibrary).click()
      await page.getByLabel('Reader').fill(email)
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.waitForURL(`${hastyUrl}/account/security`)
      const section = page.locator('section[aria-labelledby="identities"]')
      await section.getByText(email).waitFor()
      expect(await inspect(page, 'account-identities', phone)).toEqual([])
      await section.getByRole('button', { name: 'Від’єднати' }).click()
      await page.locator('dialog[open]').getByRole('button', { name: 'Від’єднати' }).click()
      await page.getByText('Це ваш останній спосіб входу.').waitFor()

      await page.goto('/account/privacy')
      await page.getByRole('button', { name: 'Закрити акаунт…' }).click()
      await page.locator('dialog[open]').getByText('спробуйте ввійти').waitFor()
      expect(await inspect(page, 'account-close', phone)).toEqual([])
      await page.locator('dialog[open]').getByRole('button', { name: 'Закрити акаунт' }).click()
      await page.getByText('Повертайтеся, коли захочете').waitFor()
      await page.goto('/account/sign-in')
      // The library remembers its reader: it asks nothing.
      await page.getByRole('link', atLibrary).click()
      await page.getByText('Цей акаунт закрито').waitFor()
      await page.getByRole('link', { name: 'Надіслати посилання' }).click()
      // The page before has a field of this name as well.
      await page.getByRole('button', { name: 'Надіслати посилання' }).waitFor()
      await page.locator('input[name="email"]').fill(email)
      await page.getByRole('button', { name: 'Надіслати посилання' }).click()
      await page.goto(await mailedLink(hastyData, email, 'activation'))
      await page.getByText('Тепер можна входити').waitFor()
      await page.getByRole('link', { name: 'Увійти', exact: true }).last().click()
      await page.getByRole('link', atLibrary).click()
      await page.waitForURL(`${hastyUrl}/account`)
      await page.getByText(email).waitFor()
    },
    { url: hastyUrl },
  ))

/** A finger on a sensor that always says yes. */
const giveFinger = async (page: Page) => {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

/** Passkeys belong to a name, never to a number. */
const named = appUrl.replace('127.0.0.1', 'localhost')

test('a passkey is added, opens the account without a name or a password, and is taken away', () =>
  visit(
    desktop,
    async (page) => {
      await giveFinger(page)
      const email = newEmail('passkey')
      await signUp(page, email)
      await page.waitForURL('**/account')
      await page.goto('/account/security')
      const section = page.locator('section[aria-labelledby="passkeys"]')
      await section.getByRole('button', { name: 'Додати ключ' }).click()
      await section.getByLabel('Назва').fill('Мій палець')
      await section.getByRole('button', { name: 'Далі' }).click()
      await page.getByText('Ключ додано.').waitFor()

      await signOut(page)
      await page.getByRole('button', { name: 'Увійти з ключем доступу' }).click()
      await page.waitForURL('**/account')
      await page.getByText(email).waitFor()
      await page.goto('/account/security')
      await page.getByText('Ключем доступу').waitFor()
      await section.getByRole('button', { name: 'Вилучити ключ «Мій палець»' }).click()
      await page.locator('dialog[open]').getByRole('button', { name: 'Вилучити' }).click()
      await page.getByText('Ключ вилучено.').waitFor()
      await signOut(page)
      await page.getByRole('button', { name: 'Увійти з ключем доступу' }).click()
      await page.getByText('Цей ключ тут невідомий.').waitFor()
    },
    { url: named },
  ))
