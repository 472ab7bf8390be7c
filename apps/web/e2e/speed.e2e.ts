import type { Page } from 'playwright-core'
import { beforeAll, describe, expect } from 'vitest'

import { freeTogether, mine, openHall, tap } from './buying.ts'
import { settle } from './pages.ts'
import { appUrl, phone, test, until, visit } from './stage.ts'

/** What we promise. Machines differ and share their cores, so a test fails only past twice that. */
const TARGETS = { lcp_ms: 2000, shift: 0.1, tap_ms: 100, mount_ms: 1000, poster_bytes: 60_000 }
const LENIENCE = 2
const TAPS = 5

/** A middling phone on a slow mobile network, as Lighthouse imagines it. */
const slowDown = async (page: Page, { network }: { network: boolean }) => {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  if (!network) return
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 1_600_000 / 8,
    uploadThroughput: 750_000 / 8,
  })
}

type Painted = { lcp_ms: number; shift: number }
declare global {
  interface Window {
    painted: Painted
    taps: number[]
    seatsSeen: number
  }
}

const watchPaint = (page: Page) =>
  page.addInitScript(() => {
    window.painted = { lcp_ms: 0, shift: 0 }
    new PerformanceObserver((list) => {
      window.painted.lcp_ms = list.getEntries().at(-1)?.startTime ?? 0
    }).observe({ type: 'largest-contentful-paint', buffered: true })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[])
        if (!entry.hadRecentInput) window.painted.shift += entry.value
    }).observe({ type: 'layout-shift', buffered: true })
  })

/**
 * From the click, when the finger lets go, to the first frame with the seat marked, as INP counts it; from the seats'
 * arrival to the first frame with them.
 */
const watchSeats = (page: Page) =>
  page.addInitScript(() => {
    window.taps = []
    let clicked = 0
    addEventListener('click', (event) => (clicked = event.timeStamp), true)
    const afterFrame = (then: () => void) => requestAnimationFrame(() => setTimeout(then))
    new MutationObserver((changes) => {
      const marked = changes.some(
        ({ attributeName, target }) =>
          attributeName === 'data-look' && /mine|marking/.test((target as Element).getAttribute('data-look') ?? ''),
      )
      if (marked && clicked > 0) {
        const from = clicked
        clicked = 0
        afterFrame(() => window.taps.push(performance.now() - from))
      }
      if (!window.seatsSeen && document.querySelector('[data-seat]')) {
        window.seatsSeen = 1
        afterFrame(() => (window.seatsSeen = performance.now()))
      }
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-look'] })
  })

const ask = async <T>(method: string, path: string, body?: unknown, token?: string): Promise<T> => {
  const reply = await fetch(`${appUrl}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!reply.ok) throw new Error(`${method} ${path}: ${await reply.text()}`)
  return (await reply.json()) as T
}

/** A showing in a hall of 600 seats that nobody has bought from. */
const buildBigHall = async (): Promise<number> => {
  const { access_token } = await ask<{ access_token: string }>('POST', '/auth/login', {
    email: 'admin@marquee.test',
    password: 'Marquee-demo-1',
  })
  const hall = await ask<{ id: number; total_seats: number }>(
    'POST',
    '/cinemas/1/halls',
    { name: 'Colossus', hall_number: 600, rows: 20, seats_per_row: 30, aisles_after: [10, 20] },
    access_token,
  )
  expect(hall.total_seats).toBe(600)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const start_time = `${tomorrow}T12:00:00Z`
  const session = await ask<{ id: number }>(
    'POST',
    '/sessions',
    { movie_id: 10, hall_id: hall.id, start_time, base_price: 200 },
    access_token,
  )
  return session.id
}

const SPIN_MS = 100

/** How many times slower than alone this process runs just now, because others want the same cores. */
const crowding = (): number => {
  const started = performance.now()
  const before = process.cpuUsage()
  const spent_ms = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  while (spent_ms() < SPIN_MS);
  return Math.max(1, (performance.now() - started) / spent_ms())
}

/** A crowded machine says little about the app: its limits grow with the crowd, and the crowd is told. */
const judge = async (measure: () => Promise<Record<string, [value: number, target: number]>>) => {
  const before = crowding()
  const measured = await measure()
  const crowd = Math.max(before, crowding())
  for (const [name, [value, target]] of Object.entries(measured)) {
    console.log(
      `${name}: ${value.toFixed(value < 1 ? 3 : 0)} (target ${target}; the machine is ${crowd.toFixed(1)} times slower than alone)`,
    )
    expect(value).toBeLessThan(LENIENCE * target * crowd)
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** The first tap comes closer; the others are measured. */
const tapSeats = async (page: Page): Promise<number[]> => {
  const [first, ...others] = await freeTogether(page, TAPS + 1)
  if (first === undefined) throw new Error('There is no free seat.')
  await tap(page, first)
  await mine(page).first().waitFor({ state: 'attached' })
  await page.evaluate(() => (window.taps = []))
  for (const [index, id] of others.entries()) {
    await page.locator(`[data-seat="${id}"]`).click()
    await page.locator(`[data-seat="${id}"][data-look="mine"]`).waitFor({ state: 'attached' })
    await until(
      () => page.evaluate(() => window.taps.length),
      (seen) => seen === index + 1,
    )
  }
  return page.evaluate(() => window.taps)
}

describe('on a phone four times slower', { concurrent: false }, () => {
  test.for(['/', '/films/10-dune'])('%s is painted soon and does not jump', { retry: 2 }, (path) =>
    visit(
      phone,
      async (page) => {
        const images: number[] = []
        page.on('response', (reply) => {
          if (reply.request().resourceType() === 'image' && new URL(reply.url()).pathname.includes('/posters/'))
            images.push(Number(reply.headers()['content-length'] ?? Number.NaN))
        })
        await watchPaint(page)
        await slowDown(page, { network: true })
        await judge(async () => {
          await page.goto(path)
          await settle(page)
          const { lcp_ms, shift } = await page.evaluate(() => window.painted)
          expect(lcp_ms).toBeGreaterThan(0)
          return { [`${path}, largest paint, ms`]: [lcp_ms, TARGETS.lcp_ms], [`${path}, shift`]: [shift, TARGETS.shift] }
        })
        const largest = Math.max(0, ...images)
        console.log(`${path}: the largest of ${images.length} pictures has ${(largest / 1000).toFixed(1)} kB.`)
        expect(largest).toBeLessThanOrEqual(TARGETS.poster_bytes)
      },
      { installed: true },
    ),
  )

  let session: number
  beforeAll(async () => {
    session = await buildBigHall()
  })

  test('a hall of 600 seats opens soon, and a tap marks a seat at once', { retry: 2 }, () =>
    visit(phone, async (page) => {
      await watchSeats(page)
      await slowDown(page, { network: false })
      await judge(async () => {
        await openHall(page, session)
        const mount_ms = await page.evaluate(() => {
          const arrived = performance
            .getEntriesByType('resource')
            .findLast(({ name }) => /available-seats/.test(name)) as PerformanceResourceTiming
          return window.seatsSeen - arrived.responseEnd
        })
        const taps = await tapSeats(page)
        return {
          '600 seats on the screen after they came, ms': [mount_ms, TARGETS.mount_ms],
          [`a tap marks a seat, median of ${taps.length}, ms`]: [median(taps), TARGETS.tap_ms],
        }
      })
    }),
  )
})
