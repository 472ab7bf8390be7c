import type { SeatPlan } from '#modules/halls/service.ts'
import type { Db } from '#platform/db/kysely.ts'
import { companionAlone, loneSeat, sofaWhole } from './errors.ts'
import { layoutOf } from './layout.ts'
import * as repository from './repository.ts'
import { judge, partsPair, suspectsBeside, type Watch } from './rules.ts'

type Plan = Pick<SeatPlan, 'seats'>
type Owner = { user_id: number | null; guest_id: string | null }

type Question = {
  session_id: number
  plan: Plan
  seat_ids: number[]
  owner: Owner
  /** A seat that the buyer gives back for one of the chosen. */
  leaving?: number
}

const isHis = (owner: Owner, claim: Owner) =>
  owner.user_id === null ? claim.guest_id !== null && claim.guest_id === owner.guest_id : claim.user_id === owner.user_id

/** The rules of seats as bookings meet them; not enforced, they let every choice pass. */
export const createJudging = ({ enforced }: { enforced: boolean }) => ({
  /** Nothing but the seats themselves: for a choice that has been judged, or was made by the house. */
  unwatched: (seat_ids: number[]): Watch => ({ look: seat_ids, near: [], far: [], isUnclear: false }),

  watch: ({ seats }: Plan, seat_ids: number[]): Watch => {
    if (!enforced) return { look: seat_ids, near: [], far: [], isUnclear: false }
    const [layout, chosen] = [layoutOf(seats), new Set(seat_ids)]
    const suspects = suspectsBeside(layout, chosen)
    const [near, far] = [suspects.map((suspect) => suspect.near), suspects.map((suspect) => suspect.far)]
    const look = [...new Set([...seat_ids, ...near, ...far.filter((id) => id > 0)])]
    return { look, near, far, isUnclear: partsPair(layout, chosen) }
  },

  /** Throws when the choice breaks a rule. Whether its seats are free is for their claims to tell: a taken one ends the judging. */
  requireSound: async (db: Db, { session_id, plan, seat_ids, owner, leaving }: Question): Promise<void> => {
    if (!enforced) return
    const claims = (await repository.listOccupied(db, session_id)).filter(({ seat_id }) => seat_id !== leaving)
    const occupied = new Set(claims.map(({ seat_id }) => seat_id))
    if (seat_ids.some((id) => occupied.has(id))) return
    const own = new Set(claims.filter((claim) => isHis(owner, claim)).map(({ seat_id }) => seat_id))
    const avoid = new Set(leaving === undefined ? [] : [leaving])
    const verdict = judge(layoutOf(plan.seats), { chosen: seat_ids, occupied, own, avoid })
    if (verdict?.refused === 'lone_seat') throw loneSeat(verdict.lone, verdict.suggested)
    if (verdict?.refused === 'sofa_whole') throw sofaWhole(verdict.missing)
    if (verdict?.refused === 'companion_alone') throw companionAlone(verdict.companions, verdict.wheelchairs)
  },
})
