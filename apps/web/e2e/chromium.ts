import { existsSync } from 'node:fs'

import { chromium, type LaunchOptions } from 'playwright-core'

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** CHROME_PATH=package tries the Chromium inside the package although the system has one. */
const PACKAGE = 'package'

const HOW = 'Install Chromium (apt-get install chromium, or Google Chrome) or name one in CHROME_PATH.'

/** Nothing here has a graphics card, and imitating one costs three times what the pages cost. */
const PLAIN = ['--no-sandbox', '--disable-gpu']

/** Switches of the package that take down guards which the pages must stand, or that fail with several pages. */
const UNWANTED = /single-process|web-security|insecure-content|blocklist/

export type HowToStart = { executablePath: string; args: string[] }

type Candidate = { name: string; options: () => Promise<HowToStart> }

const installed = (path: string): Candidate => ({
  name: path,
  options: () => Promise.resolve({ executablePath: path, args: PLAIN }),
})

/** On a bare system it may lack libraries: then it does not start. */
const packed: Candidate = {
  name: '@sparticuz/chromium',
  options: async () => {
    const { default: chrome } = await import('@sparticuz/chromium')
    chrome.setGraphicsMode = false
    return {
      executablePath: await chrome.executablePath(),
      args: [...chrome.args.filter((arg) => !UNWANTED.test(arg)), ...PLAIN],
    }
  },
}

const candidates = (): Candidate[] => {
  const named = process.env['CHROME_PATH'] ?? ''
  if (named === PACKAGE) return [packed]
  const paths = [named, ...SYSTEM, chromium.executablePath()].filter((path) => path !== '' && existsSync(path))
  return [...paths.map(installed), packed]
}

/** Tries each Chromium there is, the named one first; where none starts, a sentence says why and what to do. */
export const withChromium = async (
  start: (options: LaunchOptions) => Promise<void>,
): Promise<{ name: string; how: HowToStart } | { missing: string }> => {
  const failures: string[] = []
  for (const { name, options } of candidates())
    try {
      const how = await options()
      await start(how)
      return { name, how }
    } catch (error) {
      failures.push(`  ${name}: ${String(error).split('\n').slice(0, 3).join(' ')}`)
    }
  return { missing: [`No Chromium starts here. ${HOW}`, ...failures].join('\n') }
}
