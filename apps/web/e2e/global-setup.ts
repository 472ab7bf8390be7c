import { mkdirSync } from 'node:fs'

import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'

import { buildWeb, startApp } from './app.ts'
import { type HowToStart, withChromium } from './chromium.ts'
import { startLibrary } from './library.ts'
import { SCREENS } from './pages.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the app and the browser are; nothing where no browser starts. */
    stage: { url: string; data: string; hasty_url: string; hasty_data: string; browser: HowToStart } | undefined
  }
}

/** A cinema in a hurry: holds are long enough to ask for more time on a slow machine, short enough to wait for their end. Its accounts wait for a mail, or come from the town’s library. */
const HASTY = { HOLD_SECONDS: '14', EXTENSION_SECONDS: '6', SWEEP_SECONDS: '1', AUTH_REQUIRE_ACTIVATION: 'true' }

/**
 * One app for all files, and one in a hurry, which starts while others are tested already; and a browser that has proved to
 * start. Without a browser every test is skipped, and that is said.
 */
const setup = async ({ provide }: TestProject) => {
  const found = await withChromium((options) => chromium.launch(options).then((browser) => browser.close()))
  if ('missing' in found) {
    console.warn(`\n== SKIPPED: the tests of the web app in a browser. ${found.missing}\n`)
    provide('stage', undefined)
    return undefined
  }
  mkdirSync(SCREENS, { recursive: true })
  await buildWeb()
  const app = await startApp('postgres')
  await app.ready
  let library: Awaited<ReturnType<typeof startLibrary>> | undefined
  const hasty = await startApp('embedded', async (url) => {
    library = await startLibrary(url)
    return { ...HASTY, OIDC_PROVIDERS_FILE: library.file }
  })
  hasty.ready.catch((error: unknown) => console.error(error))
  console.log(`The app is at ${app.url}, the browser is ${found.name}.`)
  provide('stage', { url: app.url, data: app.data, hasty_url: hasty.url, hasty_data: hasty.data, browser: found.how })
  return async () => {
    await Promise.all([app.stop(), hasty.stop(), library?.stop()])
  }
}

export default setup
