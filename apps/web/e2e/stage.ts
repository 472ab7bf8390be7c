import { type Browser, chromium, type Page } from 'playwright-core'
import { expect, inject, test as vitestTest } from 'vitest'

import { openVisitor, type View } from './pages.ts'

const stage = inject('stage')

/** A test that needs the browser; without one it is skipped, and the setup says why. */
export const test = stage === undefined ? vitestTest.skip : vitestTest

export const appUrl = stage?.url ?? ''
export const appData = stage?.data ?? ''
/** The same cinema where a hold lasts 14 seconds and is prolonged by 6, and where an account waits for the link in a mail. */
export const hastyUrl = stage?.hasty_url ?? ''
export const hastyData = stage?.hasty_data ?? ''

export const phone: View = { size: 'phone', scheme: 'dark', language: 'uk' }
export const desktop: View = { size: 'desktop', scheme: 'light', language: 'uk' }

let starting: Promise<Browser> | undefined

/** One for each worker, and not another process's: what is said to it need not pass a third one. It ends with the worker. */
const theBrowser = (): Promise<Browser> => (starting ??= chromium.launch(stage?.browser))

/** The tests say what they wait for; on a busy machine it may take its time. */
const PATIENCE_MS = 30_000

/** What somebody would see who stood before the screen when a test failed. */
const tell = async (page: Page, errors: string[]): Promise<string> => {
  const shown = await page
    .locator('body')
    .innerText({ timeout: 1000 })
    .catch(() => 'nothing that can be read')
  return [`At ${page.url()} the page says:`, shown.slice(0, 1500), ...errors].join('\n')
}

/**
 * A visitor with a fresh browser profile. What the page throws or the console complains of fails the test. Only who is to
 * come back without a network has the app installed: that costs as much as a page.
 */
export const visit = async (
  view: View,
  run: (page: Page) => Promise<void>,
  { url = appUrl, installed = false }: { url?: string; installed?: boolean } = {},
): Promise<void> => {
  const { context, page, errors } = await openVisitor(await theBrowser(), url, view, installed)
  context.setDefaultTimeout(PATIENCE_MS)
  try {
    await run(page)
    expect(errors).toEqual([])
  } catch (error) {
    throw new Error(await tell(page, errors), { cause: error })
  } finally {
    await context.close()
  }
}

const ASK_MS = 100

/** Reads until it is so; at the end of its patience it tells what was read last. */
export const until = async <T>(
  read: () => Promise<T> | T,
  isSo: (value: T) => boolean,
  patience_ms = PATIENCE_MS,
): Promise<T> => {
  const deadline = Date.now() + patience_ms
  let value = await read()
  while (!isSo(value)) {
    if (Date.now() > deadline) throw new Error(`It stays ${JSON.stringify(value)}.`)
    await new Promise((resolve) => setTimeout(resolve, ASK_MS))
    value = await read()
  }
  return value
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

/** A whole app with a database of its own, on a crowded machine. */
const START_MS = 110_000

/** The cinema in a hurry starts while other files are tested. */
export const untilHasty = () =>
  until(
    () => hastyUrl === '' || isReady(hastyUrl),
    (ready) => ready,
    START_MS,
  )
