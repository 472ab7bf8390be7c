import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { findShowing, freeTogether, goToPay, hold, openHall, payAsGuest, waitForTickets } from './buying.ts'
import { shoot } from './pages.ts'
import { appUrl, phone, test, visit } from './stage.ts'

const LOOKS = ['free', 'mine', 'held', 'sold'] as const

/** What the colours of the system are here. */
const systemColours = (page: Page) =>
  page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('i'))
    const read = (name: string) => {
      probe.style.color = name
      return getComputedStyle(probe).color
    }
    const colours = ['Canvas', 'CanvasText', 'Highlight', 'GrayText'].map(read)
    probe.remove()
    return colours
  })

/** A seat as the eye gets it: the tile's fill and border, and the sign on it. */
const drawn = (page: Page, look: string) =>
  page
    .locator(`svg g[role="group"] [data-look="${look}"][data-type="standard"]`)
    .first()
    .evaluate((seat) => {
      const [, tile, sign] = seat.children
      if (!tile) throw new Error('A seat without a tile.')
      const { fill, stroke, strokeDasharray } = getComputedStyle(tile)
      return { fill, stroke, border: strokeDasharray, sign: sign?.getAttribute('d') ?? 'its number' }
    })

const borderless = (page: Page) =>
  page
    .locator('button:visible')
    .evaluateAll((buttons) => buttons.filter((one) => Number.parseFloat(getComputedStyle(one).borderTopWidth) === 0).length)

test('with the high contrast of the system seats differ by sign and border in its colours, and focus is seen', () =>
  visit(phone, (other) =>
    visit(phone, async (page) => {
      const session = await findShowing(appUrl, 27)
      await openHall(other, session)
      await hold(other, await freeTogether(other, 1, 2))
      await goToPay(other)
      await payAsGuest(other)
      await waitForTickets(other)
      await openHall(other, session)
      await hold(other, await freeTogether(other, 1, 1))
      await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' })
      await openHall(page, session)
      const [mine = 0] = await freeTogether(page, 1)
      await hold(page, [mine])
      await page.locator('[data-look="held"]').first().waitFor({ state: 'attached' })
      const [canvas, text, highlight, grey] = await systemColours(page)
      const [free, own, held, sold] = await Promise.all(LOOKS.map((look) => drawn(page, look)))
      expect(free).toMatchObject({ fill: canvas, stroke: text, sign: 'its number' })
      expect(own).toMatchObject({ fill: highlight, stroke: highlight })
      expect(held).toMatchObject({ fill: canvas, stroke: grey })
      expect(sold).toMatchObject({ fill: canvas, stroke: grey, border: 'none' })
      expect(held?.border).not.toBe('none')
      expect(new Set([free, own, held, sold].map((one) => one?.sign)).size).toBe(LOOKS.length)
      expect(await borderless(page)).toBe(0)
      await page.locator(`[data-seat="${mine}"]`).focus()
      await page.keyboard.press('ArrowRight')
      const ring = await page.evaluate(() => {
        const tile = document.activeElement?.children[1]
        return tile && getComputedStyle(tile).stroke
      })
      expect(ring).toBe(highlight)
      await shoot(page, 'hall-forced-colours', phone)
      await page.goto('/')
      const today = page.locator('[data-day][aria-current]')
      await today.waitFor()
      expect(await today.evaluate((day) => getComputedStyle(day).backgroundColor)).toBe(highlight)
    }),
  ))
