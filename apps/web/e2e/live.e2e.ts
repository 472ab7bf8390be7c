import { expect } from 'vitest'

import { findShowing, freeTogether, hold, mine, openHall, seat, tap } from './buying.ts'
import { appUrl, desktop, phone, test, until, visit } from './stage.ts'

/** What the visitor is promised; a machine shared with other tests may need longer, but not more than twice. */
const LIVE_MS = 2000

test('two windows show each other’s seats as they are taken and given back, and who tap one at once do not both get it', () =>
  visit(desktop, async (first) =>
    visit(phone, async (second) => {
      const session = await findShowing(appUrl, 2)
      await openHall(first, session)
      await openHall(second, session)
      const [mineFirst, mineSecond] = await freeTogether(first, 2)
      if (mineFirst === undefined || mineSecond === undefined) throw new Error('There is no free seat.')
      await hold(second, [mineSecond])
      await first.locator(`[data-seat="${mineSecond}"][data-look="held"]`).waitFor({ state: 'attached' })
      const clicked = performance.now()
      await seat(first, mineFirst).click()
      await second.locator(`[data-seat="${mineFirst}"][data-look="held"]`).waitFor({ state: 'attached' })
      const took_ms = performance.now() - clicked
      console.log(`From a tap in one window to the change in the other: ${took_ms.toFixed(0)} ms.`)
      expect(took_ms).toBeLessThan(2 * LIVE_MS)
      expect(await seat(second, mineFirst).getAttribute('aria-disabled')).toBe('true')
      await seat(first, mineFirst).click()
      await second.locator(`[data-seat="${mineFirst}"][data-look="free"]`).waitFor({ state: 'attached' })
      const [wanted] = await freeTogether(first, 1, 1)
      if (wanted === undefined) throw new Error('There is no free seat.')
      // Close enough to be tapped; the phone may have to come closer first.
      await Promise.all([seat(first, wanted).click(), tap(second, wanted)])
      const looks = async () => [
        await seat(first, wanted).getAttribute('data-look'),
        await seat(second, wanted).getAttribute('data-look'),
      ]
      await until(looks, (now) => now.toSorted().join(' ') === 'held mine')
    }),
  ))

test('whoever loses a race is told, and takes the nearest seat with one tap', () =>
  visit(desktop, async (first) =>
    visit(desktop, async (second) => {
      const session = await findShowing(appUrl, 3)
      // The second hears nothing of the hall, as with a network that has just gone.
      await second.routeWebSocket('**/live', () => undefined)
      await openHall(first, session)
      await openHall(second, session)
      // Room on both sides: whichever neighbour is taken instead, no single seat is left.
      const [, wanted] = await freeTogether(first, 3)
      if (wanted === undefined) throw new Error('There is no free seat.')
      await second.route('**/available-seats', () => undefined)
      await hold(first, [wanted])
      await tap(second, wanted)
      await second.getByText(/Щойно зайняли: ряд/).waitFor()
      await second.getByRole('button', { name: /Взяти поруч/ }).click()
      await mine(second).first().waitFor({ state: 'attached' })
      expect(await mine(second).count()).toBe(1)
      expect(await seat(second, wanted).getAttribute('data-look')).not.toBe('mine')
    }),
  ))
